import { nameOf, parentOf } from '../../../tree/tree.ts';
import { filesAt, filesIn, plainLines, readLines } from '../../locations.ts';
import { defineTechnique, type HostContext, type PersistenceItem } from '../../technique.ts';

/** Where packages put libraries, in the order of ld.so(8). */
const systemFolder = /^\/(?:usr\/)?lib(?:64|32|\/[a-z0-9_]+-linux-[a-z0-9]+)?$/;
const triplets = ['', '/x86_64-linux-gnu', '/aarch64-linux-gnu', '/i386-linux-gnu', '/arm-linux-gnueabihf'];
/** Variants for newer processors, which are taken before the plain ones. */
const variantFolder =
  /^(?<folder>\/(?:usr\/)?lib(?:64|\/[a-z0-9_]+-linux-[a-z0-9]+)?)\/(?:glibc-hwcaps\/[\w.-]+|tls|haswell|x86_64|avx512_1)$/;
/** What every program and every login goes through: nobody builds another one beside it. */
const guarded =
  /^(?:libc|libpthread|libdl|ld-linux[\w-]*|libpam(?:_misc|c)?|libselinux|libaudit|libcap(?:-ng)?|libkeyutils|libnss_\w+|libnsl|libcrypt|libsystemd|libproc\S*|libutil|libresolv|libkrb5|libgssapi_krb5|libacl|libattr|libwrap|libsepol|libpcre2?-8|liblzma)(?:[-.]|$)/;

export const technique = defineTechnique({
  id: 'ld-path',
  title: 'Places where libraries are looked for',
  description:
    "Folders that the dynamic linker searches before its own (`ld.so.conf`, and musl's `ld-musl-*.path`), and libraries of no package in them that stand before one of a package. A folder that others may write to lets them replace a library of every program.",
  places: [
    '/etc/ld.so.conf',
    '/etc/ld.so.conf.d/*',
    '/etc/ld-musl-*.path',
    '/usr/local/lib/**',
    '/usr/lib/*/glibc-hwcaps/**',
  ],
  attack: ['T1574.006'],
  guide: ['B11'],
  references: [
    'https://man7.org/linux/man-pages/man8/ldconfig.8.html',
    'https://man7.org/linux/man-pages/man8/ld.so.8.html',
  ],
  wants: ({ path, type }) =>
    (type === 'file' || type === 'symlink') && /\.so(?:\.[\d.]+)?$/.test(path) && variantFolder.test(parentOf(path)),
  *find(context, wanted) {
    const { tree } = context;
    const files = [
      ...filesAt(tree, ['/etc/ld.so.conf']),
      ...filesIn(tree, ['/etc/ld.so.conf.d'], (name) => name.endsWith('.conf')),
      ...filesIn(tree, ['/etc'], (name) => /^ld-musl-\w+\.path$/.test(name)),
    ];
    const early = new Set(['/usr/local/lib64', ...triplets.map((triplet) => `/usr/local/lib${triplet}`)]);
    for (const { path } of files) {
      for (const { line, text } of plainLines(readLines(tree, path))) {
        if (/^include\b/.test(text)) continue;
        const folders = text.split(/[\s:,=]+/).filter((part) => part.startsWith('/'));
        for (const folder of folders) if (!systemFolder.test(folder)) early.add(folder);
        if (folders.length > 0) {
          yield { path, line, title: 'place where libraries are looked for', targets: folders, unowned: 0.25 };
        }
      }
    }
    const isLibrary = (name: string): boolean => /\.so(?:\.[\d.]+)?$/.test(name);
    for (const { path } of filesIn(tree, [...early], isLibrary)) yield* shadowOf(path, context, false);
    for (const { path } of wanted) yield* shadowOf(path, context, true);
  },
});

/** Newer libraries are built into /usr/local every day; other ones of what each login uses are not, and nobody adds a variant by hand. */
function* shadowOf(path: string, { tree, ownership }: HostContext, isVariant: boolean): Generator<PersistenceItem> {
  const real = tree.stat(path);
  if (real?.type !== 'file' || ownership.standing(path).kind !== 'unowned') return;
  const name = nameOf(path);
  const own = variantFolder.exec(parentOf(path))?.groups?.['folder'];
  const folders = [
    ...(own === undefined ? [] : [own]),
    '/usr/lib64',
    '/lib64',
    ...triplets.flatMap((triplet) => [`/usr/lib${triplet}`, `/lib${triplet}`]),
  ];
  const packaged = folders.map((folder) => `${folder}/${name}`).find((at) => ownership.ownerOf(at) !== undefined);
  if (packaged === undefined) return;
  const weight = guarded.test(name) ? 0.68 : 0.15;
  yield {
    path,
    rule: 'shadow',
    title: 'library that stands before one of a package',
    targets: real.path === path ? [] : [real.path],
    user: 'root',
    unowned: 0.1,
    signs: [{ what: 'is found before the library of a package', value: packaged, weight: isVariant ? 0.7 : weight }],
  };
}
