/** Fewer names count by chance. */
const leastNames = 3;
/** What pieces are numbered with: digits, or letters as `split` gives them. */
const numbering = /^(?:\d{1,5}|[a-z]{1,3})$/i;
/** What uploads of large files in parts say of the part, to stores of objects and in protocols made for it. */
const partOfUpload =
  /[?&](?:partnumber|uploadid|upload_id|blockid|resumable[a-z]*|chunk(?:s|number|index)?|flowchunknumber|part)=|\/upload_session\/|\/uploads?\/(?:resumable|multipart)\b/i;

/** Whether names differ in a number alone, each in its own: `data.7z.001`, `data.7z.002`, or `xaa`, `xab`. */
export function countOn(names: readonly string[]): boolean {
  const distinct = [...new Set(names.filter((name) => name !== ''))];
  if (distinct.length < leastNames || 3 * distinct.length < 2 * names.length) return false;
  let [before, behind] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const [first = ''] = distinct;
  for (const name of distinct) {
    before = Math.min(
      before,
      commonLength(first, name, (text, at) => text[at]),
    );
    behind = Math.min(
      behind,
      commonLength(first, name, (text, at) => text[text.length - 1 - at]),
    );
  }
  const shortest = Math.min(...distinct.map((name) => name.length));
  // Digits that all numbers share belong to the number.
  while (before > 0 && /\d/.test(first[before - 1] ?? '')) before--;
  const end = Math.min(behind, shortest - before);
  return distinct.every((name) => numbering.test(name.slice(before, name.length - end)));
}

/** Whether most requests say themselves that they carry a part of one upload. */
export function areUploadParts(urls: readonly string[]): boolean {
  return urls.length > 0 && urls.filter((url) => partOfUpload.test(url)).length >= 0.8 * urls.length;
}

/** The last part of a path, without a query. */
export function lastOf(url: string): string {
  return url.split('?', 1)[0]?.split('/').at(-1) ?? '';
}

function commonLength(a: string, b: string, at: (text: string, place: number) => string | undefined): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && at(a, length) === at(b, length)) length++;
  return length;
}
