import { quote } from '../../../../base/problem.ts';
import { defineIndicatorFormat } from '../../format.ts';
import { EntryBatch, joined, parseListTime, type EntryDetails } from '../../reading/entries.ts';
import { asRecord, listField, readJsonItems, textField, type JsonItem } from '../../reading/json-items.ts';
import { looksLikeJson } from '../../reading/peek.ts';
import { isObservable } from './observables.ts';
import { parsePattern } from './pattern.ts';
import { valuesOf } from './values.ts';
import { WaitingObservables } from './waiting-observables.ts';

export const format = defineIndicatorFormat({
  id: 'stix',
  title: 'STIX 2.1 bundle',
  description:
    'Indicators with STIX patterns of comparisons (=, IN, ISSUBSET, LIKE at the ends; AND, OR) and the observables of a bundle or TAXII envelope that no observation refers to. Validity, confidence and revocation are honoured; what a pattern demands beyond one value is named as a problem.',
  references: ['https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html'],
  detect(_name, head) {
    if (!looksLikeJson(head)) return 0;
    if (/"type"\s*:\s*"bundle"/.test(head)) return 3;
    return head.includes('"objects"') && /"(?:spec_version|pattern_type)"/.test(head) ? 3 : 0;
  },
  async *parse(content) {
    const isObject = (path: readonly string[]): boolean =>
      path.length === 2 && path[0] === 'objects' && path[1] === '*';
    const observables = new WaitingObservables();
    for await (const { items, problems } of readJsonItems(content, isObject)) {
      const batch = new EntryBatch(problems);
      for (const item of items) addObject(batch, observables, item);
      yield batch;
    }
    const batch = new EntryBatch([]);
    observables.addTo(batch);
    yield batch;
  },
});

function addObject(batch: EntryBatch, observables: WaitingObservables, item: JsonItem): void {
  const object = asRecord(item.value);
  const at = { byte: item.at };
  if (object === undefined) {
    batch.problem('bad-record', at, 'an entry of the bundle is no object; it was left out');
    return;
  }
  if (object['revoked'] === true) return;
  if (object['type'] === 'indicator') addIndicator(batch, object, at);
  else if (object['type'] === 'observed-data') observables.leaveOut(object, at);
  else if (isObservable(object)) observables.add(batch, object, at);
}

function addIndicator(batch: EntryBatch, object: Readonly<Record<string, unknown>>, at: { byte: number }): void {
  const name = quote(textField(object, 'name') ?? textField(object, 'id') ?? 'indicator');
  const language = textField(object, 'pattern_type') ?? 'stix';
  if (language !== 'stix') {
    batch.problem('unsupported', at, `indicator ${name} is written in ${quote(language)}; it was left out`);
    return;
  }
  const expression = parsePattern(textField(object, 'pattern') ?? '');
  if (expression === undefined) {
    batch.problem('bad-record', at, `the pattern of indicator ${name} could not be understood; it was left out`);
    return;
  }
  const { values, unchecked } = valuesOf(expression);
  if (unchecked.length > 0) {
    const outcome = values.length === 0 ? 'it was left out' : 'its other values are matched without that';
    batch.problem(
      'unsupported',
      at,
      `indicator ${name} asks for ${quote(unchecked.join(', '))}, which is not checked; ${outcome}`,
    );
  }
  const details = detailsOf(object);
  for (const { kind, text } of values) batch.add(kind, text, at, details);
}

function detailsOf(object: Readonly<Record<string, unknown>>): EntryDetails {
  const confidence = object['confidence'];
  const references = listField(object, 'external_references').map((reference) => asRecord(reference));
  const techniques = references.map((reference) =>
    reference?.['source_name'] === 'mitre-attack' ? reference['external_id'] : undefined,
  );
  const words = [...listField(object, 'labels'), ...listField(object, 'indicator_types'), ...techniques];
  return {
    description: joined([textField(object, 'name'), ...words.filter((word) => typeof word === 'string')]),
    confidence: typeof confidence === 'number' ? confidence : undefined,
    expires_at: parseListTime(textField(object, 'valid_until') ?? ''),
  };
}
