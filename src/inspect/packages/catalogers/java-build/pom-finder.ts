import { decodeUtf8 } from '../../../../base/bytes.ts';
import { normalPath, parentOf, type FileTree, type TreeEntry } from '../../../tree/tree.ts';
import { childNamed, childText, parseXml, type XmlElement } from '../../xml.ts';

const maxPomBytes = 2 ** 22;
const maxParents = 10;
/** Projects of one tree that are looked through for a parent or a list of versions. */
const maxProjects = 20_000;
const systemRepositories = ['/root/.m2/repository', '/usr/share/maven-repo'];

/** A project file and where it stands. */
export interface Pom {
  readonly path: string;
  readonly root: XmlElement;
}

export interface PomName {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
}

/** Finds project files that others name: beside them, among the projects of the tree, and in local repositories of Maven. */
export class PomFinder {
  readonly #tree: FileTree;
  readonly #projectFiles: readonly TreeEntry[];
  readonly #read = new Map<string, Pom | undefined>();
  #projects: ReadonlyMap<string, Pom> | undefined;
  #repositories: readonly string[] | undefined;

  constructor(tree: FileTree, entries: readonly TreeEntry[]) {
    this.#tree = tree;
    this.#projectFiles = entries.filter(({ path }) => path.endsWith('/pom.xml')).slice(0, maxProjects);
  }

  /** The project and its parents, nearest first: by `relativePath` (`../pom.xml` when nothing is said), else by name. */
  withParents(pom: Pom): Pom[] {
    const chain = [pom];
    for (let at = this.#parentOf(pom); at !== undefined && chain.length <= maxParents; at = this.#parentOf(at)) {
      chain.push(at);
    }
    return chain;
  }

  /** Undefined when neither the tree nor a repository in it has it. */
  find({ group, artifact, version }: PomName): Pom | undefined {
    this.#projects ??= this.#index();
    const project = this.#projects.get(`${group}:${artifact}:${version}`);
    if (project !== undefined || !isPathPart(group) || !isPathPart(artifact) || !isPathPart(version)) return project;
    const inside = `${group.replaceAll('.', '/')}/${artifact}/${version}/${artifact}-${version}.pom`;
    this.#repositories ??= this.#localRepositories();
    for (const repository of this.#repositories) {
      const pom = this.#pomAt(`${repository}/${inside}`);
      if (pom !== undefined) return pom;
    }
    return undefined;
  }

  #parentOf({ path, root }: Pom): Pom | undefined {
    const parent = childNamed(root, 'parent');
    if (parent === undefined) return undefined;
    const [group, artifact, version] = ['groupId', 'artifactId', 'version'].map((key) => childText(parent, key) ?? '');
    const relative = childNamed(parent, 'relativePath')?.text ?? '../pom.xml';
    const named = normalPath(`${parentOf(path)}/${relative}`);
    const beside =
      relative === ''
        ? undefined
        : this.#pomAt(this.#tree.stat(named)?.type === 'directory' ? `${named}/pom.xml` : named);
    if (beside !== undefined && childText(beside.root, 'artifactId') === artifact) return beside;
    return this.find({ group: group ?? '', artifact: artifact ?? '', version: version ?? '' });
  }

  /** A file that is broken is told when it is read as a project of its own. */
  #pomAt(path: string): Pom | undefined {
    if (this.#read.has(path)) return this.#read.get(path);
    const bytes = this.#tree.stat(path)?.type === 'file' ? this.#tree.read(path, maxPomBytes) : undefined;
    let pom: Pom | undefined;
    try {
      if (bytes !== undefined) pom = { path, root: parseXml(decodeUtf8(bytes)) };
    } catch {
      pom = undefined;
    }
    this.#read.set(path, pom);
    return pom;
  }

  #index(): Map<string, Pom> {
    const projects = new Map<string, Pom>();
    for (const { path } of this.#projectFiles) {
      const pom = this.#pomAt(path);
      if (pom === undefined) continue;
      const own = (name: string): string =>
        childText(pom.root, name) ?? childText(childNamed(pom.root, 'parent'), name) ?? '';
      const key = `${own('groupId')}:${childText(pom.root, 'artifactId') ?? ''}:${own('version')}`;
      if (!projects.has(key)) projects.set(key, pom);
    }
    return projects;
  }

  #localRepositories(): string[] {
    const homes = this.#tree.list('/home').map(({ path }) => `${path}/.m2/repository`);
    return [...systemRepositories, ...homes].filter((path) => this.#tree.stat(path)?.type === 'directory');
  }
}

function isPathPart(text: string): boolean {
  return /^\w[\w.-]{0,200}$/.test(text);
}
