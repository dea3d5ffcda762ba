import { decodeUtf8 } from '../../../../../base/bytes.ts';
import { messageOf } from '../../../../../base/errors.ts';
import { badRecord, defineAdvisoryFormat } from '../../format.ts';
import { isRecord, recordsOf, textOf, textsOf, type JsonRecord } from '../../json.ts';
import type { OsvAffected, OsvRecord, VendorState } from '../../osv.ts';
import { readProducts, type Product } from './products.ts';

export const format = defineAdvisoryFormat({
  id: 'csaf',
  title: 'CSAF 2.0 advisories',
  description:
    'Security advisories and VEX of a vendor of rpm distributions (Red Hat, SUSE): fixed, affected and unaffected packages of each product, for each CVE.',
  references: ['https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html'],
  detect: (_path, head) => (/"csaf_version"\s*:/.test(head) ? 3 : 0),
  *read(file) {
    let root: unknown;
    try {
      root = JSON.parse(decodeUtf8(file.bytes));
    } catch (error) {
      yield badRecord(file.path, messageOf(error));
      return;
    }
    if (!isRecord(root) || !isRecord(root['document'])) {
      yield badRecord(file.path, 'there is no document in it');
      return;
    }
    const tracking = isRecord(root['document']['tracking']) ? root['document']['tracking'] : {};
    const products = readProducts(root['product_tree']);
    for (const vulnerability of recordsOf(root['vulnerabilities'])) {
      const record = recordOf(vulnerability, tracking, products);
      if (record !== undefined) yield { kind: 'advisory', record };
    }
  },
});

function recordOf(
  vulnerability: JsonRecord,
  tracking: JsonRecord,
  products: ReadonlyMap<string, Product>,
): OsvRecord | undefined {
  const cve = textOf(vulnerability['cve']);
  const id = textOf(tracking['id']) ?? cve;
  if (id === undefined) return undefined;
  const affected = affectedOf(vulnerability, products);
  if (affected.length === 0) return undefined;
  const published = textOf(vulnerability['release_date']) ?? textOf(tracking['initial_release_date']);
  const summary = textOf(vulnerability['title']);
  const urgency = recordsOf(vulnerability['threats'])
    .filter(({ category }) => category === 'impact')
    .flatMap(({ details }) => textOf(details) ?? [])[0];
  return {
    id,
    aliases: [],
    upstream: cve === undefined ? [] : [cve],
    ...(published === undefined ? {} : { published }),
    ...(summary === undefined ? {} : { summary }),
    severity: scoresOf(vulnerability),
    ...(urgency === undefined ? {} : { urgency }),
    affected,
  };
}

function affectedOf(vulnerability: JsonRecord, products: ReadonlyMap<string, Product>): OsvAffected[] {
  const status = isRecord(vulnerability['product_status']) ? vulnerability['product_status'] : {};
  const remedies = new Map(
    recordsOf(vulnerability['remediations']).flatMap(({ category, product_ids: ids }) =>
      textsOf(ids).map((id) => [id, category] as const),
    ),
  );
  const entries = new Map<string, OsvAffected>();
  const add = (ids: unknown, state: (id: string) => VendorState | undefined): void => {
    for (const id of textsOf(ids)) {
      const product = products.get(id);
      if (product === undefined) continue;
      const entry = entryOf(product, state(id));
      entries.set(JSON.stringify([entry.ecosystem, entry.name, entry.module, entry.state, product.version]), entry);
    }
  };
  add(status['fixed'], () => undefined);
  add(status['known_affected'], (id) => (remedies.get(id) === 'no_fix_planned' ? 'wont-fix' : 'not-fixed'));
  add(status['known_not_affected'], () => 'not-affected');
  return [...entries.values()];
}

function entryOf({ ecosystem, name, version, module }: Product, state: VendorState | undefined): OsvAffected {
  const isFixed = state === undefined && version !== undefined;
  const events = [{ introduced: '0' }, ...(isFixed ? [{ fixed: version }] : [])];
  return {
    ecosystem,
    name,
    ranges: state === 'not-affected' ? [] : [{ type: 'ECOSYSTEM', events }],
    versions: [],
    severity: [],
    ...(state === undefined ? {} : { state }),
    ...(module === undefined ? {} : { module }),
  };
}

function scoresOf(vulnerability: JsonRecord): OsvRecord['severity'] {
  return recordsOf(vulnerability['scores']).flatMap(({ cvss_v3: v3 }) => {
    const score = isRecord(v3) ? textOf(v3['vectorString']) : undefined;
    return score === undefined ? [] : [{ type: 'CVSS_V3', score }];
  });
}
