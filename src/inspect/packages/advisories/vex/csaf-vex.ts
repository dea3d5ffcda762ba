import { isRecord, recordsOf, textOf, textsOf, type JsonRecord } from '../json.ts';
import type { VexStatement, VexStatus } from './statement.ts';

/** CSAF 2.0, 3.2.3.9: lists of products by their status. */
const statuses: readonly (readonly [string, VexStatus])[] = [
  ['known_not_affected', 'not_affected'],
  ['known_affected', 'affected'],
  ['fixed', 'fixed'],
  ['first_fixed', 'fixed'],
  ['under_investigation', 'under_investigation'],
];
const maxDepth = 32;

export function readCsafVex(root: JsonRecord, path: string): VexStatement[] {
  const document = isRecord(root['document']) ? root['document'] : {};
  const tracking = isRecord(document['tracking']) ? document['tracking'] : {};
  const publisher = isRecord(document['publisher']) ? textOf(document['publisher']['name']) : undefined;
  const from = publisher === undefined ? path : `${path}, ${publisher}`;
  const time = textOf(tracking['current_release_date']) ?? '';
  const tree = isRecord(root['product_tree']) ? root['product_tree'] : {};
  const products = new Map<string, readonly string[]>();
  collectPurls(tree, products, 0);
  // A component of a product: the statement is about the component in it.
  for (const relationship of recordsOf(tree['relationships'])) {
    const whole = isRecord(relationship['full_product_name'])
      ? textOf(relationship['full_product_name']['product_id'])
      : '';
    const [part] = products.get(textOf(relationship['product_reference']) ?? '') ?? [];
    const [product] = products.get(textOf(relationship['relates_to_product_reference']) ?? '') ?? [];
    if (whole === undefined || part === undefined) continue;
    products.set(whole, product === undefined ? [part] : [product, part]);
  }
  return recordsOf(root['vulnerabilities']).flatMap((entry) => statementsOf(entry, products, { time, from }));
}

function statementsOf(
  entry: JsonRecord,
  products: ReadonlyMap<string, readonly string[]>,
  common: Pick<VexStatement, 'time' | 'from'>,
): VexStatement[] {
  const lists = isRecord(entry['product_status']) ? entry['product_status'] : {};
  const ids = [textOf(entry['cve']), ...recordsOf(entry['ids']).map((one) => textOf(one['text']))];
  const vulnerability = ids.filter((id) => id !== undefined);
  const reasons = new Map<string, string>();
  for (const { details, product_ids: about } of recordsOf(entry['threats'])) {
    const text = textOf(details) ?? '';
    for (const id of about === undefined ? [''] : textsOf(about)) reasons.set(id, text);
  }
  for (const { label, product_ids: about } of recordsOf(entry['flags'])) {
    for (const id of textsOf(about)) reasons.set(id, textOf(label) ?? '');
  }
  return statuses.flatMap(([list, status]) =>
    textsOf(lists[list]).flatMap((id) => {
      const [product, ...parts] = products.get(id) ?? [];
      if (product === undefined || vulnerability.length === 0) return [];
      const why = reasons.get(id) ?? reasons.get('') ?? '';
      return [{ ...common, vulnerability, product, parts, status, why }];
    }),
  );
}

function collectPurls(branch: JsonRecord, products: Map<string, readonly string[]>, depth: number): void {
  if (depth > maxDepth) return;
  for (const product of [branch['product'], ...recordsOf(branch['full_product_names'])].filter(isRecord)) {
    const helper = product['product_identification_helper'];
    const [id, purl] = [textOf(product['product_id']), isRecord(helper) ? textOf(helper['purl']) : undefined];
    if (id !== undefined && purl !== undefined) products.set(id, [purl]);
  }
  for (const child of recordsOf(branch['branches'])) collectPurls(child, products, depth + 1);
}
