import { nameOf, type FileTree, type TreeEntry } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { Findings } from '../../findings.ts';
import { purlOf } from '../../purl.ts';
import { bufferSource, openTreeZip } from '../../zip/tree-zip.ts';
import { ZipFile } from '../../zip/zip-file.ts';
import { identify } from './jar.ts';

const archivePattern = /\.(?:jar|war|ear|par|sar|nar|hpi|jpi|rar|kar|lpkg)$/i;

/** An application server puts a web archive into an enterprise archive, and libraries into that; nobody goes much deeper. */
const maxDepth = 16;
/** Of all that is unpacked from one outer archive. */
const maxUnpackedBytes = 2 ** 30;
const maxNestedBytes = 2 ** 28;
const maxNestedArchives = 20_000;

export const cataloger = defineCataloger({
  id: 'java',
  title: 'Java archives',
  description:
    '`.jar`, `.war`, `.ear`, `.par`, `.hpi` and their like, and the archives inside them down to 16 levels: by `pom.properties`, else by manifest and file name (the details say which). A shaded archive lists the libraries that were put into it. Sources and documentation are no packages of their own.',
  references: [
    'https://docs.oracle.com/en/java/javase/21/docs/specs/jar/jar.html',
    'https://maven.apache.org/shared/maven-archiver/',
  ],
  guide: ['C25'],
  wants: ({ path }) => archivePattern.test(path),
  catalog(entries, { tree }) {
    const findings = new Findings();
    for (const entry of entries) {
      if (entry.type === 'file') new OuterArchive(tree, entry, findings).catalog();
    }
    return findings.done();
  },
});

/** One archive of the tree, with what may be spent on all that is in it. */
class OuterArchive {
  readonly #tree: FileTree;
  readonly #entry: TreeEntry;
  readonly #findings: Findings;
  #bytesLeft = maxUnpackedBytes;
  #archivesLeft = maxNestedArchives;
  #isLimitTold = false;

  constructor(tree: FileTree, entry: TreeEntry, findings: Findings) {
    this.#tree = tree;
    this.#entry = entry;
    this.#findings = findings;
  }

  catalog(): void {
    const zip = openTreeZip(this.#tree, this.#entry);
    if (typeof zip === 'string') this.#findings.problem(this.#entry.path, 'bad-record', `it is no archive: ${zip}`);
    else this.#one(zip, this.#entry.path, undefined, 0);
  }

  #one(zip: ZipFile, place: string, parent: string | undefined, depth: number): void {
    const { own, shaded, unread } = identify(zip, nameOf(place.slice(place.lastIndexOf('!') + 1)));
    for (const name of unread) {
      this.#findings.problem(
        `${place}!${name}`,
        'bad-record',
        'it is damaged or too large: what it names was not read',
      );
    }
    const ownName = own === undefined ? undefined : `${own.name} ${own.version}`;
    if (own !== undefined) {
      const group = own.isGroupGuessed === true ? { group: 'guessed' } : {};
      this.#add(own, place, { identifiedBy: own.by, ...group, ...(parent === undefined ? {} : { parent }) });
    }
    for (const one of shaded) {
      const holder = ownName ?? parent;
      this.#add(one, place, { identifiedBy: 'pom.properties', ...(holder === undefined ? {} : { parent: holder }) });
    }
    for (const member of zip.members) {
      if (!archivePattern.test(member.name)) continue;
      const inner = `${place}!${member.name}`;
      if (depth >= maxDepth || this.#archivesLeft-- <= 0 || member.bytes > this.#bytesLeft) {
        this.#tellLimit();
        return;
      }
      const bytes = zip.read(member, Math.min(maxNestedBytes, this.#bytesLeft));
      this.#bytesLeft -= bytes?.length ?? 0;
      const nested = bytes === undefined ? 'it is damaged or too large' : ZipFile.open(bufferSource(bytes));
      if (typeof nested === 'string') this.#findings.problem(inner, 'bad-record', `it is no archive: ${nested}`);
      else this.#one(nested, inner, ownName ?? parent, depth + 1);
    }
  }

  #tellLimit(): void {
    const message = 'archives inside it are nested too deep, too many or too large; the rest was not read';
    if (!this.#isLimitTold) this.#findings.problem(this.#entry.path, 'limit-reached', message);
    this.#isLimitTold = true;
  }

  #add(one: { name: string; version: string }, place: string, details: Readonly<Record<string, string>>): void {
    this.#findings.add({
      name: one.name,
      version: one.version,
      type: 'maven',
      purl: purlOf('maven', one.name, one.version),
      locations: [place],
      layer: this.#entry.layer,
      foundBy: 'java',
      details,
    });
  }
}
