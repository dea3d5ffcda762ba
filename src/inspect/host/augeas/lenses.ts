import type { AugeasNode, Lens } from './node.ts';

/** A node without children; undefined for a value that is not there, so that it can be left out. */
const leaf = (label: string, value: string | undefined): AugeasNode[] =>
  value === undefined || value === '' ? [] : [{ label, value }];
const leaves = (label: string, values: readonly string[]): AugeasNode[] =>
  values.flatMap((value) => leaf(label, value));
/** Parts between commas. To split at blanks and comma together takes time with the square of the blanks. */
const listed = (text: string): string[] => text.split(',').map((part) => part.trim());
const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** Lines one by one, those that a backslash continues as one; comments become nodes as Augeas has them. `read` may give none. */
function byLine(text: string, read: (line: string) => AugeasNode[], comment = /^\s*#/): AugeasNode[] {
  return text
    .replaceAll(/\\\r?\n/g, ' ')
    .split('\n')
    .flatMap((raw) => {
      const line = raw.trim();
      if (line === '') return [];
      return comment.test(line) ? leaf('#comment', line.replace(comment, '').trim()) : read(line);
    });
}

/** Records that Augeas numbers from 1. */
function numbered(text: string, read: (line: string) => AugeasNode[]): AugeasNode[] {
  let count = 0;
  return byLine(text, (line) => {
    const children = read(line);
    return children.length === 0 ? [] : [{ label: String(++count), children }];
  });
}

const hosts: Lens = (text) =>
  numbered(text, (line) => {
    const [names = '', comment] = line.split(/#(.*)/s, 2);
    const [address, canonical, ...aliases] = words(names);
    const own = leaf('#comment', comment?.trim());
    return [...leaf('ipaddr', address), ...leaf('canonical', canonical), ...leaves('alias', aliases), ...own];
  });

const fstab: Lens = (text) =>
  numbered(text, (line) => {
    const [spec, file, type, options = '', dump, pass] = words(line);
    const opt = options.split(',').flatMap((option): AugeasNode[] => {
      const [name = '', value] = option.split(/=(.*)/s, 2);
      return name === '' ? [] : [{ label: 'opt', value: name, children: leaf('value', value) }];
    });
    return [
      ...leaf('spec', spec),
      ...leaf('file', file),
      ...leaf('vfstype', type),
      ...opt,
      ...leaf('dump', dump),
      ...leaf('passno', pass),
    ];
  });

const pam: Lens = (text) => {
  let count = 0;
  return byLine(text, (line) => {
    const include = /^@include\s+(?<file>\S+)/.exec(line)?.groups?.['file'];
    if (include !== undefined) return leaf('include', include);
    const parts = /^(?<type>-?\w+)\s+(?<control>\[[^\]]*\]|\S+)\s+(?<module>\S+)\s*(?<rest>.*)$/.exec(line)?.groups;
    if (parts === undefined) return [];
    const children = [
      ...(parts['type']?.startsWith('-') === true ? [{ label: 'optional' }] : []),
      ...leaf('type', parts['type']?.replace(/^-/, '')),
      ...leaf('control', parts['control']),
      ...leaf('module', parts['module']),
      ...leaves('argument', words((parts['rest'] ?? '').split('#', 1)[0] ?? '')),
    ];
    return [{ label: String(++count), children }];
  });
};

/** Files of lines with colons: the name, and what the others are called. */
function colons(names: readonly string[], list?: string): Lens {
  return (text) =>
    byLine(text, (line) => {
      const [label = '', ...values] = line.split(':');
      const last = list === undefined ? [] : leaves(list, (values[names.length] ?? '').split(','));
      return label === ''
        ? []
        : [
            {
              label,
              children: [...names.map((name, at): AugeasNode => ({ label: name, value: values[at] })), ...last],
            },
          ];
    });
}

/** `NAME=value` of shells; quotes stay, as Augeas has them. */
const shellVariables: Lens = (text) =>
  byLine(text, (line) => {
    const parts = /^(?<export>export\s+)?(?<name>\w+)=(?<value>.*)$/.exec(line)?.groups;
    if (parts === undefined) return [];
    const children = parts['export'] === undefined ? [] : [{ label: 'export' }];
    return [{ label: parts['name'] ?? '', value: parts['value'], children }];
  });

/** `key value` and `key = value`. */
const settings: Lens = (text) =>
  byLine(
    text,
    (line) => {
      const parts = /^(?<key>[^\s=]+)\s*(?:=|\s)\s*(?<value>.*)$/.exec(line)?.groups;
      return parts === undefined ? [] : leaf(parts['key'] ?? '', parts['value']);
    },
    /^\s*[#;]/,
  );

const resolv: Lens = (text) =>
  byLine(
    text,
    (line) => {
      const [key = '', ...values] = words(line);
      if (key === 'search') return [{ label: key, children: leaves('domain', values) }];
      if (key === 'options') {
        const options = values.map((option): AugeasNode => {
          const [label = '', value] = option.split(':', 2);
          return { label, value };
        });
        return [{ label: key, children: options }];
      }
      return leaf(key, values[0]);
    },
    /^\s*[#;]/,
  );

const nsswitch: Lens = (text) =>
  byLine(text, (line) => {
    const [name = '', rest] = line.split(':', 2);
    return rest === undefined
      ? []
      : [{ label: 'database', value: name.trim(), children: leaves('service', words(rest)) }];
  });

const limits: Lens = (text) =>
  byLine(text, (line) => {
    const [domain, type, item, value] = words(line);
    if (domain === undefined) return [];
    return [
      {
        label: 'domain',
        value: domain,
        children: [...leaf('type', type), ...leaf('item', item), ...leaf('value', value)],
      },
    ];
  });

const timeNames = ['minute', 'hour', 'dayofmonth', 'month', 'dayofweek'];

const crontab: Lens = (text) =>
  byLine(text, (line) => {
    const variable = /^(?<name>\w+)\s*=\s*(?<value>.*)$/.exec(line)?.groups;
    if (variable !== undefined) return leaf(variable['name'] ?? '', variable['value']);
    const macro = /^@(?<schedule>\w+)\s+(?<user>\S+)\s+(?<command>.+)$/.exec(line)?.groups;
    if (macro !== undefined) {
      const children = [...leaf('schedule', macro['schedule']), ...leaf('user', macro['user'])];
      return [{ label: 'entry', value: macro['command'], children }];
    }
    const parts = /^(?<times>(?:\S+\s+){5})(?<user>\S+)\s+(?<command>.+)$/.exec(line)?.groups;
    if (parts === undefined) return [];
    const times = words(parts['times'] ?? '');
    const time: AugeasNode = { label: 'time', children: timeNames.flatMap((name, at) => leaf(name, times[at])) };
    return [{ label: 'entry', value: parts['command'], children: [time, ...leaf('user', parts['user'])] }];
  });

/** Directives whose values Augeas numbers. */
const lists =
  /^(?:acceptenv|allow(?:groups|users)|deny(?:groups|users)|ciphers|macs|kexalgorithms|hostkeyalgorithms|sendenv)$/i;

function directive(line: string): AugeasNode[] {
  const [key = '', value = ''] = line.split(/(?:\s*=\s*|\s+)(.*)/s, 2);
  if (/^subsystem$/i.test(key)) {
    const [name = '', ...command] = words(value);
    return [{ label: key, children: leaf(name, command.join(' ')) }];
  }
  if (!lists.test(key)) return leaf(key, value);
  return [{ label: key, children: value.split(/[\s,]+/).flatMap((one, at) => leaf(String(at + 1), one)) }];
}

/** What follows a `Match` or `Host` belongs to it. */
const ssh: Lens = (text) => {
  const top: AugeasNode[] = [];
  let into = top;
  for (const node of byLine(text, (line) =>
    /^(?:match|host)\s/i.test(line) ? [{ label: 'block', value: line }] : directive(line),
  )) {
    if (node.label !== 'block') {
      into.push(node);
      continue;
    }
    const [key = '', ...rest] = words(node.value ?? '');
    into = [];
    if (/^host$/i.test(key)) {
      top.push({ label: key, value: rest.join(' '), children: into });
      continue;
    }
    const conditions = rest.flatMap((word, at) => (at % 2 === 0 ? leaf(word, rest[at + 1] ?? '') : []));
    top.push({
      label: key,
      children: [
        { label: 'Condition', children: conditions },
        { label: 'Settings', children: into },
      ],
    });
  }
  return top;
};

const sudoers: Lens = (text) =>
  byLine(
    text,
    (line) => {
      const include = /^(?<key>[@#]include(?:dir)?)\s+(?<path>.+)$/.exec(line)?.groups;
      if (include !== undefined) return leaf(include['key'] ?? '', include['path']);
      const defaults = /^Defaults(?<who>[:@!>]\S+)?\s+(?<rest>.+)$/.exec(line)?.groups;
      if (defaults !== undefined) {
        const options = (defaults['rest'] ?? '').split(/,\s*/).flatMap((option): AugeasNode[] => {
          const parts = /^(?<not>!?)(?<name>\w+)\s*(?:[+-]?=\s*(?<value>.*))?$/s.exec(option)?.groups;
          if (parts === undefined) return [];
          return [
            {
              label: parts['name'] ?? '',
              value: parts['value'],
              children: parts['not'] === '!' ? [{ label: 'negate' }] : [],
            },
          ];
        });
        return [{ label: 'Defaults', children: [...leaf('type', defaults['who']), ...options] }];
      }
      const alias = /^(?<kind>User|Runas|Host|Cmnd)_Alias\s+(?<name>\w+)\s*=\s*(?<members>.+)$/.exec(line)?.groups;
      if (alias !== undefined) {
        const member = alias['kind'] === 'Cmnd' ? 'command' : (alias['kind'] ?? '').toLowerCase();
        const children = [...leaf('name', alias['name']), ...leaves(member, listed(alias['members'] ?? ''))];
        return [{ label: `${alias['kind'] ?? ''}_Alias`, children: [{ label: 'alias', children }] }];
      }
      return specification(line);
    },
    /^\s*#(?!include)/,
  );

/** `user host = (runas) TAG: command, …` */
function specification(line: string): AugeasNode[] {
  const given = /^(?<users>\S+)\s+(?<host>[^\s=]+)\s*=\s*(?<commands>.+)$/.exec(line)?.groups;
  if (given === undefined) return [];
  const commands = listed(given['commands'] ?? '').flatMap((text): AugeasNode[] => {
    const found = /^(?:\((?<user>[^:)]*)(?::(?<group>[^)]*))?\)\s*)?(?<tags>(?:[A-Z_]+:\s*)*)(?<command>.*)$/.exec(
      text,
    )?.groups;
    const tags = (found?.['tags'] ?? '').split(/:\s*/);
    const children = [
      ...leaf('runas_user', found?.['user']?.trim()),
      ...leaf('runas_group', found?.['group']?.trim()),
      ...leaves('tag', tags),
    ];
    return [{ label: 'command', value: found?.['command'], children }];
  });
  const group: AugeasNode = { label: 'host_group', children: [...leaf('host', given['host']), ...commands] };
  return [{ label: 'spec', children: [...leaves('user', (given['users'] ?? '').split(',')), group] }];
}

/** Files by the pattern of their paths, one `*` for a name, and how they are read: those that Augeas reads and that say who may do what on a machine. */
export const lenses: readonly (readonly [pattern: string, lens: Lens])[] = [
  ['/etc/hosts', hosts],
  ['/etc/fstab', fstab],
  ['/etc/passwd', colons(['password', 'uid', 'gid', 'name', 'home', 'shell'])],
  ['/etc/group', colons(['password', 'gid'], 'user')],
  ['/etc/pam.d/*', pam],
  ['/etc/ssh/sshd_config', ssh],
  ['/etc/ssh/sshd_config.d/*.conf', ssh],
  ['/etc/ssh/ssh_config', ssh],
  ['/etc/ssh/ssh_config.d/*.conf', ssh],
  ['/etc/sudoers', sudoers],
  ['/etc/sudoers.d/*', sudoers],
  ['/etc/crontab', crontab],
  ['/etc/cron.d/*', crontab],
  ['/etc/resolv.conf', resolv],
  ['/etc/nsswitch.conf', nsswitch],
  ['/etc/security/limits.conf', limits],
  ['/etc/security/limits.d/*.conf', limits],
  ['/etc/sysctl.conf', settings],
  ['/etc/sysctl.d/*.conf', settings],
  ['/etc/login.defs', settings],
  ['/etc/host.conf', settings],
  ['/etc/default/*', shellVariables],
  ['/etc/environment', shellVariables],
];
