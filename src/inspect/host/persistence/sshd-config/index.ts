import { filesAt, filesIn, plainLines, readLines } from '../../locations.ts';
import { defineTechnique, type Sign } from '../../technique.ts';

/** Directives that open a door, with the values that do. */
const doors: readonly (readonly [RegExp, string, number])[] = [
  [/^PermitEmptyPasswords[\s=]+yes\b/i, 'lets empty passwords in', 0.75],
  [/^PermitRootLogin[\s=]+yes\b/i, 'lets root in with a password', 0.25],
  [/^AuthorizedKeysCommand[\s=]+(?!none\b)\S/i, 'asks a program which keys may log in', 0.45],
  [/^AuthorizedPrincipalsCommand[\s=]+(?!none\b)\S/i, 'asks a program who may log in', 0.45],
  [/^AuthorizedKeysFile[\s=]+.*(?:\/tmp\/|\/dev\/|\/var\/tmp\/|\/\.(?!ssh\/))/i, 'takes keys from an odd place', 0.6],
  [/^TrustedUserCAKeys[\s=]+(?!none\b)\S/i, 'lets everybody in whom a key has signed', 0.3],
  [/^PermitUserEnvironment[\s=]+(?!no\b)\S/i, 'takes variables from accounts', 0.3],
  [/^ForceCommand[\s=]+(?!internal-sftp\b|none\b)\S/i, 'runs a command at each login', 0.2],
  [
    /^Subsystem\s+\S+\s+(?!internal-sftp|\/usr\/(?:lib|libexec)\/(?:openssh|ssh)\/sftp-server)\S/i,
    'runs an own program for a subsystem',
    0.5,
  ],
  [/^GatewayPorts[\s=]+(?:yes|clientspecified)\b/i, 'lets tunnels listen to the outside', 0.2],
  [
    /^SetEnv[\s=]+.*\b(?:LD_\w+|BASH_ENV|ENV|PYTHON\w+|PERL5\w+|GCONV_PATH)=/i,
    'gives every login variables that load code',
    0.75,
  ],
  [/^AcceptEnv[\s=]+(?:.*\s)?(?:\*|LD_\S*|BASH_ENV)(?:\s|$)/i, 'takes variables that load code', 0.4],
  [/^Include[\s=]+(?:.*\s)?\/(?!etc\/ssh\/)\S/i, 'takes settings from elsewhere', 0.5],
  [/^(?:PAMServiceName)[\s=]+\S/i, 'uses another PAM stack', 0.4],
];

export const technique = defineTechnique({
  id: 'sshd-config',
  title: 'Settings of the SSH server',
  description:
    'Directives of sshd that open a door: empty passwords, programs that name the keys, keys from odd places, trusted signers, own subsystems. A value that an administrator commonly sets counts little by itself.',
  places: ['/etc/ssh/sshd_config', '/etc/ssh/sshd_config.d/*', '/etc/default/ssh'],
  attack: ['T1098.004'],
  guide: ['B11'],
  references: ['https://man.openbsd.org/sshd_config'],
  *find({ tree }) {
    const files = [
      ...filesAt(tree, ['/etc/ssh/sshd_config']),
      ...filesIn(tree, ['/etc/ssh/sshd_config.d'], (name) => name.endsWith('.conf')),
    ];
    const started = [...filesAt(tree, ['/etc/default/ssh', '/etc/conf.d/sshd', '/etc/sysconfig/sshd'])];
    const lines = [
      ...files.flatMap(({ path }) => [...plainLines(readLines(tree, path))].map((one) => ({ path, ...one }))),
      ...started.flatMap(({ path }) => optionsIn(readLines(tree, path)).map((one) => ({ path, ...one }))),
    ];
    for (const { path, line, text } of lines) {
      const signs: Sign[] = doors
        .filter(([pattern]) => pattern.test(text))
        .map(([, what, weight]) => ({ what, value: text, weight }));
      if (signs.length === 0) continue;
      const command = /^(?:Authorized\w+Command|ForceCommand|Subsystem\s+\S+)[\s=]+(?<command>\S.*)$/i.exec(text)
        ?.groups?.['command'];
      yield {
        path,
        line,
        title: 'setting of the SSH server',
        ...(command === undefined ? {} : { runs: command }),
        unowned: 0.05,
        signs,
      };
    }
  },
});

/** Directives that start options of sshd hold: `-o Name=value`. */
function optionsIn(text: string): { readonly line: number; readonly text: string }[] {
  return [...plainLines(text)].flatMap((one) =>
    [...one.text.matchAll(/[\s"']-o\s{0,4}["']?(?<name>[A-Za-z0-9]{2,40})[=\s]["']?(?<value>[^\s"']{1,400})/g)].map(
      ({ groups }) => ({
        line: one.line,
        text: `${groups?.['name']} ${groups?.['value']}`,
      }),
    ),
  );
}
