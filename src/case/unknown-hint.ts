/** What to do with a file that no source reads, where that can be told; `head` are its first bytes. */
export function unknownHint(path: string, head: Uint8Array): string | undefined {
  if (Buffer.from(head.subarray(0, 4)).toString('latin1') === 'regf') {
    return 'it is a hive of the Windows registry: give what `autorunsc -a * -ct -z` tells of that disk';
  }
  // Uploads of Velociraptor, and the files that UAC takes along.
  const collection =
    /^(?<file>.+?\.(?:zip|tar|tgz|tar\.gz))!(?:.*\/)?(?:uploads\/(?:auto|file|ntfs|lazy_ntfs)|\[root\])\//.exec(path)
      ?.groups?.['file'];
  return collection === undefined
    ? undefined
    : `it was taken from a machine: \`host inspect --bundle ${collection}\` judges what is planted there`;
}
