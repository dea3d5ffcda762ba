import { parsePurl } from '../../../purl.ts';
import { evrOf, parseNevra } from '../../../nevra.ts';
import { isRecord, recordsOf, textOf, type JsonRecord } from '../../json.ts';

/** A package as part of a distribution's release. */
export interface Product {
  readonly ecosystem: string;
  readonly name: string;
  /** With epoch and release; undefined where only the name is told. */
  readonly version?: string;
  readonly module?: string;
}

const maxDepth = 32;

/** Packages of the product tree by the ids that the vulnerabilities use: components of a platform whose CPE is known. */
export function readProducts(tree: unknown): ReadonlyMap<string, Product> {
  const root = isRecord(tree) ? tree : {};
  const helpers = new Map<string, JsonRecord>();
  collect(root, helpers, 0);
  const products = new Map<string, Product>();
  for (const relationship of recordsOf(root['relationships'])) {
    const whole = isRecord(relationship['full_product_name']) ? relationship['full_product_name'] : {};
    const id = textOf(whole['product_id']);
    const component = textOf(relationship['product_reference']);
    const platform = helpers.get(textOf(relationship['relates_to_product_reference']) ?? '');
    const ecosystem = ecosystemOf(textOf(platform?.['cpe']));
    if (id === undefined || component === undefined || ecosystem === undefined) continue;
    const product = packageOf(component, textOf(helpers.get(component)?.['purl']));
    if (product !== undefined) products.set(id, { ecosystem, ...product });
  }
  return products;
}

/** What helps to identify each product, by its id. */
function collect(branch: JsonRecord, helpers: Map<string, JsonRecord>, depth: number): void {
  if (depth > maxDepth) return;
  const product = branch['product'];
  if (isRecord(product)) {
    const [id, helper] = [textOf(product['product_id']), product['product_identification_helper']];
    if (id !== undefined) helpers.set(id, isRecord(helper) ? helper : {});
  }
  for (const child of recordsOf(branch['branches'])) collect(child, helpers, depth + 1);
}

/** `cpe:/a:redhat:enterprise_linux:9::appstream` to OSV's `Red Hat:enterprise_linux:9::appstream`. */
function ecosystemOf(cpe: string | undefined): string | undefined {
  const groups = /^cpe:\/[ao]:(?<vendor>redhat|suse|opensuse):(?<rest>.+)$/.exec(cpe ?? '')?.groups;
  if (groups?.['rest'] === undefined) return undefined;
  return `${groups['vendor'] === 'redhat' ? 'Red Hat' : 'SUSE'}:${groups['rest']}`;
}

function packageOf(component: string, purl: string | undefined): Omit<Product, 'ecosystem'> | undefined {
  const url = purl === undefined ? undefined : parsePurl(purl);
  const moduleText = url?.qualifiers.get('rpmmod') ?? /::(?<module>[^:]+:[^:]+)$/.exec(component)?.groups?.['module'];
  const module = moduleText === undefined ? {} : { module: moduleText.split(':').slice(0, 2).join(':') };
  // The epoch stands in the id only. `java-17-openjdk` is a name, and looks like one with a version.
  const nevra = parseNevra(component.replace(/::[^:]+:[^:]+$/, '').replace(/^[^/]*\//, ''));
  const isWhole = nevra !== undefined && nevra.name !== '' && (nevra.epoch !== '' || nevra.architecture !== '');
  if (isWhole) return { name: nevra.name, version: evrOf(nevra), ...module };
  const name = url?.type === 'rpm' ? url.name : /^[\w.+-]+$/.exec(component)?.[0];
  return name === undefined ? undefined : { name, ...module };
}
