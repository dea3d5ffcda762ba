import { filesAt, filesIn, plainLines, readText } from '../../locations.ts';
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
  [/^(?:PAMServiceName)[\s=]+\S/i, 'uses another PAM stack', 0.4],
];

export const technique = defineTechnique({
  id: 'sshd-config',
  title: 'Settings of the SSH server',
  description:
    'Directives of sshd that open a door: empty passwords, programs that name the keys, keys from odd places, trusted signers, own subsystems. A value that an administrator commonly sets counts little by itself.',
  places: ['/etc/ssh/sshd_config', '/etc/ssh/sshd_config.d/*'],
  attack: ['T1098.004'],
  guide: ['B11'],
  references: ['https://man.openbsd.org/sshd_config'],
  *find({ tree }) {
    const files = [
      ...filesAt(tree, ['/etc/ssh/sshd_config']),
      ...filesIn(tree, ['/etc/ssh/sshd_config.d'], (name) => name.endsWith('.conf')),
    ];
    for (const { path } of files) {
      for (const { line, text } of plainLines(readText(tree, path))) {
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
    }
  },
});
