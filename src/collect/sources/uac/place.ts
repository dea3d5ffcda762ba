import { parseIsoMicros, type Micros } from '../../../base/time.ts';

/** What the path of a file in an archive of UAC tells. */
export interface Place {
  /** `text` for what a command wrote, `body` for the body file, `hashes` for a list of digests. */
  readonly form: 'text' | 'body' | 'hashes';
  /** Name of the output without its ending: `ps_-ef`, `bodyfile`; for a list of digests the algorithm stands in `algorithm`. */
  readonly name: string;
  readonly algorithm: string | undefined;
  /** The process that an output is about, below `live_response/process/proc/`. */
  readonly pid: number | undefined;
  readonly host: string | undefined;
  /** When the collection began, by the clock of the machine, which tells no zone: taken as UTC. */
  readonly time: Micros | undefined;
}

const text = /(?:^|[/!])live_response\/(?:process\/proc\/(?<pid>\d{1,10})\/|[^!]{0,300}\/)(?<name>[^/!]{1,200})\.txt$/;
const body = /(?:^|[/!])bodyfile\/(?<name>bodyfile)\.txt$/;
const hashes =
  /(?:^|[/!])(?:hash_executables|live_response\/process)\/(?<name>hash_(?:executables|running_processes))\.(?<algorithm>md5|sha1|sha256)$/;
const collection =
  /(?:^|[/!])uac-(?<host>[\w.-]{1,253}?)-(?:linux|freebsd|openbsd|netbsd|solaris|aix|esxi|macos|netscaler|haiku|android)-(?<stamp>\d{14})/;
/** Copies of the machine's own files: their names are anybody's choice. */
const copy = /(?:^|[/!])\[root\]\//;

/** Reads a path as it is found, with inner names of an archive after `!`. Undefined for what UAC copied, and for all else. */
export function placeOf(path: string): Place | undefined {
  if (copy.test(path)) return undefined;
  const forms = { text, body, hashes } as const;
  for (const form of ['text', 'body', 'hashes'] as const) {
    const found = forms[form].exec(path)?.groups;
    if (found === undefined) continue;
    const whole = collection.exec(path)?.groups;
    return {
      form,
      name: found['name'] ?? '',
      algorithm: found['algorithm'],
      pid: found['pid'] === undefined ? undefined : Number(found['pid']),
      host: whole?.['host'],
      time: whole === undefined ? undefined : stampMicros(whole['stamp'] ?? ''),
    };
  }
  return undefined;
}

/** `20260301100000`. */
function stampMicros(stamp: string): Micros | undefined {
  return parseIsoMicros(stamp.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6Z'));
}
