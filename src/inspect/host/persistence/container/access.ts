import type { PersistenceItem, Sign } from '../../technique.ts';

/** What a container may do to its host, whatever engine keeps it. */
export interface ContainerAccess {
  readonly isPrivileged: boolean;
  /** Namespaces that are the host's: `pid`, `ipc`, `userns`, `network`. */
  readonly namespaces: readonly string[];
  /** `source:target[:options]`. */
  readonly binds: readonly string[];
  readonly capabilities: readonly string[];
  /** `always`, `unless-stopped` or anything else. */
  readonly restart: string;
  readonly options: readonly string[];
}

/** Folders of the host whose content is the host. */
const wholeHost =
  /^\/(?:$|etc\/?$|root(?:\/|$)|proc\/?$|sys\/?$|dev\/?$|boot\/?$|lib\/modules$|var\/run\/?$|run\/?$|home\/?$|usr\/?$|var\/?$|var\/spool\/cron|etc\/(?:cron|systemd|pam\.d|ssh|sudoers))/;
const engineSocket = /\/(?:docker|podman|containerd|crio)\.sock$/;
const strongCapabilities =
  /^(?:CAP_)?(?:ALL|SYS_ADMIN|SYS_MODULE|SYS_PTRACE|SYS_RAWIO|DAC_READ_SEARCH|BPF|NET_ADMIN)$/i;

/** A container that reaches its host; undefined for one that does not. */
export function accessItem(
  path: string,
  title: string,
  access: ContainerAccess,
  command: string,
): PersistenceItem | undefined {
  const signs = [...modeSigns(access), ...access.binds.flatMap(bindSigns), ...listSigns(access)];
  if (signs.length === 0) return undefined;
  if (access.restart === 'always' || access.restart === 'unless-stopped') {
    signs.push({ what: 'comes back by itself', value: `restart ${access.restart}`, weight: 0.1 });
  }
  return {
    path,
    rule: access.isPrivileged ? 'privileged' : 'host-access',
    title,
    unowned: 0,
    isJudgedAnyway: true,
    ...(command === '' ? {} : { runs: command }),
    signs,
  };
}

function modeSigns({ isPrivileged, namespaces }: ContainerAccess): Sign[] {
  const signs: Sign[] = isPrivileged ? [{ what: 'is privileged', value: 'privileged', weight: 0.5 }] : [];
  for (const name of namespaces) {
    // Many services share the network; it counts beside something else.
    if (name === 'network' && signs.length === 0) continue;
    signs.push({ what: 'shares a namespace with the host', value: name, weight: name === 'pid' ? 0.35 : 0.1 });
  }
  return signs;
}

function bindSigns(bind: string): Sign[] {
  const source = bind.split(':')[0] ?? '';
  const isReadOnly = /:(?:[^:]*,)?ro(?:,|$)/.test(bind);
  if (engineSocket.test(source)) return [{ what: 'holds the socket of the engine', value: bind, weight: 0.5 }];
  if (!wholeHost.test(source)) return [];
  return [{ what: 'holds folders of the host', value: bind, weight: isReadOnly ? 0.2 : 0.5 }];
}

function listSigns({ capabilities, options }: ContainerAccess): Sign[] {
  return [
    ...capabilities
      .filter((capability) => strongCapabilities.test(capability))
      .map((capability) => ({ what: 'has more rights than others', value: capability, weight: 0.3 })),
    ...options
      .filter((option) => /unconfined|disable/.test(option))
      .map((option) => ({ what: 'is not confined', value: option, weight: 0.25 })),
  ];
}
