import { messageOf } from '../../../../base/errors.ts';
import type { Problem } from '../../../../base/problem.ts';
import { readYaml, type YamlNode } from '../../../../base/yaml-tree.ts';
import { childOf, normalPath, parentOf } from '../../../tree/tree.ts';
import { Cursor } from '../cursor.ts';
import { fieldOf, mapNode, movedTo, textOf, withField } from '../yaml-nodes.ts';
import { mergeOver } from './merge-service.ts';
import { readEnvFile, withVariables } from './variables.ts';

/** The files beside a Compose file. */
export interface Beside {
  /** Text of a file of the same tree; undefined when it is not there. */
  readText(path: string): string | undefined;
  problem(problem: Problem): void;
}

/** Services that extend one another, in a row. */
const maxDepth = 16;
/** Files that one Compose file may name. */
const maxFiles = 200;
const maxBytes = 2 ** 20;
/** Values that services may take over from others, in one file. */
const maxInherited = 100_000;
const overridePattern = /\.override(?=\.ya?ml$)/;

/** Whether a file is what Compose puts over another by itself: it is then a part of that one. */
export function isOverride(path: string, beside: Beside): boolean {
  return overridePattern.test(path) && beside.readText(path.replace(overridePattern, '')) !== undefined;
}

/** A Compose file as Compose would take it: with its override, what its services extend, and its variables. */
export function composed(document: Cursor, beside: Beside): Cursor {
  const { node } = document;
  if (node === undefined) return document;
  return new Cursor(new Project(document.place.path, beside).whole(node), document.place);
}

class Project {
  readonly #path: string;
  readonly #beside: Beside;
  readonly #files = new Map<string, YamlNode | undefined>();
  #inheritedLeft = maxInherited;

  constructor(path: string, beside: Beside) {
    this.#path = path;
    this.#beside = beside;
  }

  whole(own: YamlNode): YamlNode {
    const over = this.#documentAt(this.#path.replace(/(?=\.ya?ml$)/, '.override'), false);
    const root = over === undefined || this.#path.includes('.override.') ? own : mergeOver(own, movedTo(over, own.at));
    const services = fieldOf(root, 'services');
    if (services?.kind !== 'map') return root;
    const values = new Map([...this.#variables()].map(([name, { value }]) => [name, value]));
    const whole = [...services.entries.values()].map(
      ({ key, value }) =>
        [key, filled(this.#extended(value, root, this.#path, [`${this.#path} ${key}`]), values)] as const,
    );
    return withField(root, 'services', mapNode(whole, services.at));
  }

  #variables(): ReadonlyMap<string, { readonly value: string }> {
    return readEnvFile(this.#beside.readText(childOf(parentOf(this.#path), '.env'))?.slice(0, maxBytes) ?? '');
  }

  /** A service over the one that it extends, in the same file or another. `open`: those that are being put together. */
  #extended(service: YamlNode, root: YamlNode, path: string, open: readonly string[]): YamlNode {
    const extend = fieldOf(service, 'extends');
    const name = textOf(extend) ?? textOf(fieldOf(extend, 'service'));
    if (extend === undefined || name === undefined) return service;
    const file = textOf(fieldOf(extend, 'file'));
    const basePath = file === undefined ? path : normalPath(`${parentOf(path)}/${file}`);
    const key = `${basePath} ${name}`;
    if (open.includes(key) || open.length >= maxDepth) {
      this.#tell(extend, `services that extend one another: ${name}`);
      return service;
    }
    const baseRoot = file === undefined ? root : this.#documentAt(basePath, true);
    const base = fieldOf(fieldOf(baseRoot, 'services'), name);
    if (baseRoot === undefined || base === undefined) {
      this.#tell(extend, `the service that is extended is not here: ${name}${file === undefined ? '' : ` of ${file}`}`);
      return service;
    }
    const whole = this.#extended(base, baseRoot, basePath, [...open, key]);
    this.#inheritedLeft -= sizeOf(whole);
    if (this.#inheritedLeft < 0) {
      this.#tell(extend, `services take over more than ${maxInherited} values from others`);
      return service;
    }
    return mergeOver(file === undefined ? whole : movedTo(whole, extend.at), service);
  }

  #documentAt(path: string, isNamed: boolean): YamlNode | undefined {
    if (this.#files.has(path)) return this.#files.get(path);
    const text = this.#files.size >= maxFiles ? undefined : this.#beside.readText(path);
    let root: YamlNode | undefined;
    try {
      const [first] = text === undefined ? [] : readYaml(text, { maxBytes, duplicateKeys: 'first' });
      if (first !== undefined && 'root' in first) root = first.root;
      else if (first !== undefined && isNamed) throw new Error(first.fault.message);
    } catch (error) {
      this.#beside.problem({ code: 'bad-record', at: { path }, message: messageOf(error) });
    }
    this.#files.set(path, root);
    return root;
  }

  #tell(at: YamlNode, message: string): void {
    this.#beside.problem({ code: 'partly-seen', at: { path: this.#path, line: at.at.line }, message });
  }
}

function sizeOf(node: YamlNode): number {
  const inner = node.kind === 'map' ? [...node.entries.values()].map(({ value }) => value) : undefined;
  const parts = node.kind === 'list' ? node.items : (inner ?? []);
  return parts.reduce((sum, part) => sum + sizeOf(part), 1);
}

/** The environment of a service takes the defaults only: a secret that `.env` brings stands there, and not in the Compose file. */
function filled(service: YamlNode, values: ReadonlyMap<string, string>): YamlNode {
  const environment = fieldOf(service, 'environment');
  const whole = withVariables(service, values);
  return environment === undefined ? whole : withField(whole, 'environment', withVariables(environment, new Map()));
}
