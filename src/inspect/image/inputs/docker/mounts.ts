import type { Cursor } from '../cursor.ts';
import type { Mount } from '../workload.ts';

/** Mounts of an inspected container: what is mounted, or what is to be when it never ran. */
export function mountsOf(container: Cursor): Mount[] {
  const mounted = container.get('Mounts').items().map(mountedAs);
  if (mounted.length > 0) return mounted;
  const host = container.get('HostConfig');
  return [
    ...host
      .get('Binds')
      .texts()
      .flatMap(({ value, at }) => mountOfBind(value, at) ?? []),
    ...host.get('Mounts').items().map(wantedAs),
  ];
}

function mountedAs(mount: Cursor): Mount {
  return {
    type: typeOf(mount.get('Type').text()),
    source: mount.get('Source').text() ?? mount.get('Name').text() ?? '',
    target: mount.get('Destination').text() ?? '',
    readOnly: mount.get('RW').flag() === false,
    propagation: mount.get('Propagation').text(),
    at: mount.place,
  };
}

function wantedAs(mount: Cursor): Mount {
  return {
    type: typeOf(mount.get('Type').text()),
    source: mount.get('Source').text() ?? '',
    target: mount.get('Target').text() ?? '',
    readOnly: mount.get('ReadOnly').flag() === true,
    propagation: mount.get('BindOptions', 'Propagation').text(),
    at: mount.place,
  };
}

function typeOf(type: string | undefined): Mount['type'] {
  return type === 'bind' || type === 'volume' || type === 'tmpfs' ? type : 'other';
}

/**
 * The short form `SOURCE:TARGET[:OPTIONS]` of the engine and of Compose. A source that is no path names a volume; without a source it
 * is an anonymous volume. Undefined for an empty text.
 */
export function mountOfBind(text: string, at: Mount['at']): Mount | undefined {
  const parts = text.split(':');
  const [first = '', second, options = ''] = parts;
  if (first === '') return undefined;
  if (second === undefined) return { type: 'volume', source: '', target: first, readOnly: false, at };
  const flags = options.split(',');
  const propagation = flags.find((flag) => /^r?(?:shared|slave|private)$/.test(flag));
  return {
    type: /^[./~$]/.test(first) ? 'bind' : 'volume',
    source: first,
    target: second,
    readOnly: flags.includes('ro') || flags.includes('readonly'),
    ...(propagation === undefined ? {} : { propagation }),
    at,
  };
}
