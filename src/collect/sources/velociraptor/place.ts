import { parseIsoMicros, type Micros } from '../../../base/time.ts';

/** What the path of a file in a collection tells. */
export interface Place {
  /** `Linux.Sys.Pslist` or `Windows.KapeFiles.Targets/Uploads`; `collection` for what is about the collection itself. */
  readonly artifact: string | undefined;
  /** The host, and when it was collected, where the name of the collection has them. */
  readonly host: string | undefined;
  readonly time: Micros | undefined;
}

const collection =
  /(?:^|[/!])Collection-(?<host>[^/!]{1,255}?)-(?<date>\d{4}-\d\d-\d\d)T(?<clock>\d\d_\d\d_\d\d)(?:Z|(?<zone>[-+]\d\d_\d\d))?[^/!]{0,20}(?:[/!]|$)/;
const results = /(?:^|[/!])results\/(?<artifact>[^/!]{1,300})\.json$/;
/** Offline collectors of some versions have a folder for each artifact, whose names have dots. */
const folder = /(?:^|[/!])(?<artifact>(?:[A-Z]\w{0,60}\.){1,8}\w{1,60}(?:\/[^/!]{1,200})?)\.json$/;
const about = /(?:^|[/!])(?:log|uploads|requests|collection_context|client_info)\.json$/;

/** Reads a path as it is found, with inner names of an archive after `!`. */
export function placeOf(path: string): Place {
  const found = collection.exec(path)?.groups;
  const zone = found?.['zone']?.replace('_', ':') ?? 'Z';
  const time =
    found === undefined ? undefined : parseIsoMicros(`${found['date']}T${found['clock']?.replaceAll('_', ':')}${zone}`);
  const named = results.exec(path)?.groups?.['artifact'] ?? folder.exec(path)?.groups?.['artifact'];
  const aboutItself = found !== undefined && about.test(path) ? 'collection' : undefined;
  return {
    artifact: named === undefined ? aboutItself : unescape(named),
    host: found?.['host'],
    time,
  };
}

/** Slashes and other characters of names stand as `%2F`; what is no such escape stays. */
function unescape(name: string): string {
  try {
    return decodeURIComponent(name).toWellFormed();
  } catch {
    return name;
  }
}
