import type { IndicatorKind } from '../../format.ts';
import { kindOfName } from '../../kind-names.ts';
import { classify } from '../../normalise.ts';

/** What the columns of a table hold, by their place. */
export interface ColumnPlan {
  /** Places of values; without a kind it is told by the type column or by the shape. */
  readonly values: readonly { readonly place: number; readonly kind: IndicatorKind | undefined }[];
  readonly type: number | undefined;
  readonly descriptions: readonly number[];
  readonly confidence: number | undefined;
  readonly expires: number | undefined;
  /** MISP's mark that an attribute is meant for detection. */
  readonly toIds: number | undefined;
}

const names = {
  value: [
    'indicator',
    'indicators',
    'ioc',
    'iocvalue',
    'value',
    'observable',
    'observablevalue',
    'indicatorvalue',
    'artifact',
    'pattern',
  ],
  type: ['type', 'ioctype', 'indicatortype', 'kind', 'observabletype', 'datatype'],
  description: [
    'description',
    'comment',
    'comments',
    'threat',
    'threattype',
    'malware',
    'malwareprintable',
    'malwarefamily',
    'family',
    'signature',
    'listingreason',
    'reason',
    'campaign',
    'name',
    'title',
    'note',
    'notes',
    'tags',
    'info',
  ],
  confidence: ['confidence', 'confidencelevel', 'confidencescore', 'threatscore', 'score'],
  expires: ['expires', 'expiresat', 'expiration', 'expirationdate', 'expiry', 'expirydate', 'validuntil'],
  toIds: ['toids'],
} as const;

/** The plan that a header row tells; undefined when it names no column of values. */
export function planFromHeader(cells: readonly string[]): ColumnPlan | undefined {
  const plain = cells.map((cell) => cell.toLowerCase().replace(/[^a-z0-9]/g, ''));
  const placesOf = (role: keyof typeof names): number[] =>
    plain.flatMap((cell, place) => ((names[role] as readonly string[]).includes(cell) ? [place] : []));
  const value = placesOf('value')[0];
  const typed = plain.flatMap((cell, place) => {
    const kind = cell === 'type' ? undefined : kindOfName(cell);
    return kind === undefined ? [] : [{ place, kind }];
  });
  // Beside a digest a name only says what the file was called once: `invoice.pdf` is on every machine.
  const isDigested = typed.some(({ kind }) => kind === 'md5' || kind === 'sha1' || kind === 'sha256');
  const telling = isDigested ? typed.filter(({ kind }) => kind !== 'file') : typed;
  const values = value === undefined ? telling : [{ place: value, kind: undefined }];
  if (values.length === 0) return undefined;
  return {
    values,
    type: placesOf('type')[0],
    descriptions: placesOf('description'),
    confidence: placesOf('confidence')[0],
    expires: placesOf('expires')[0],
    toIds: placesOf('toIds')[0],
  };
}

/** The plan of a table without a header: the first cell that is an indicator by its shape; the others describe it. */
export function planFromRow(cells: readonly string[]): ColumnPlan | undefined {
  const place = cells.findIndex((cell) => cell !== '' && typeof classify(cell) !== 'string');
  if (place < 0) return undefined;
  const descriptions = cells.flatMap((_cell, index) => (index === place ? [] : [index]));
  return {
    values: [{ place, kind: undefined }],
    type: undefined,
    descriptions,
    confidence: undefined,
    expires: undefined,
    toIds: undefined,
  };
}
