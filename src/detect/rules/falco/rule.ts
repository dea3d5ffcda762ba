import type { KindId } from '../../../events/event.ts';
import type { Severity } from '../../../events/finding.ts';
import type { FieldReference, FieldTest } from '../../../match/condition/condition.ts';
import { isAbsent, type Absent, type StreamResolver } from '../../../match/condition/resolver.ts';
import { eventFormat } from '../../../match/event-format.ts';
import type { RecordFormat } from '../../../match/record-stream.ts';
import type { MissingField, Rule } from '../rule-language.ts';
import { leadingEventTypes } from './event-type-set.ts';
import { columnsOf, mappedKinds, nowhere, valueFor } from './events/mapping.ts';
import { absentReason } from './events/stream.ts';
import { includesType } from './fields/event-types.ts';
import type { CompiledRule } from './load/compiled-rule.ts';
import type { Priority } from './load/items.ts';
import { fewest, reachOf } from '../reach.ts';
import { searchRule } from './search.ts';

const severities: Readonly<Record<Priority, Severity>> = {
  Emergency: 'critical',
  Alert: 'critical',
  Critical: 'critical',
  Error: 'high',
  Warning: 'medium',
  Notice: 'low',
  Informational: 'info',
  Debug: 'info',
};

/** A loaded rule as the rest of the house sees it. */
export function toRule(compiled: CompiledRule): Rule {
  const { item, expression } = compiled;
  const place = item.context.locations.at(-1);
  const eventTypes = leadingEventTypes(expression);
  return {
    id: item.name,
    title: item.name,
    description: item.description.trim(),
    severity: severities[item.priority],
    attack: techniquesOf(item.tags),
    tags: item.tags,
    isEnabled: item.isEnabled,
    origin: item.source,
    ...(eventTypes === undefined ? {} : { eventTypes }),
    path: place?.name ?? '',
    line: (place?.line ?? 0) + 1,
    asked: () => (item.source === 'syscall' ? [{ kind: undefined, condition: compiled.condition }] : []),
    search: (macros) => searchRule(compiled, macros),
    judges: (format, type) => canJudge(compiled, format, type),
    missing: (format, type) => missingIn(compiled, format, type),
    untold: () => (item.source === 'syscall' ? untoldIn(compiled) : []),
  };
}

/** ATT&CK techniques among tags: `T1059`, `T1059.004`, also with `mitre_` before. */
function techniquesOf(tags: readonly string[]): string[] {
  return tags.flatMap((tag) => {
    const id = /^(?:mitre_)?(?<id>T\d{4}(?:\.\d{3})?)$/i.exec(tag)?.groups?.['id'];
    return id === undefined ? [] : [id.toUpperCase()];
  });
}

/** Whether records of a type can be what a rule is for. */
function canJudge<R>({ item, types }: CompiledRule, format: RecordFormat<R>, type: string): boolean {
  if (format.id === eventFormat.id) return item.source === 'syscall' && mappedKinds.some((kind) => kind === type);
  return format.id === item.source && (item.source !== 'syscall' || includesType(types, type));
}

/** Why a rule can never be true on records of a format: the fields that it needs and they do not have. */
function missingIn<R>(
  { condition, item }: CompiledRule,
  format: RecordFormat<R>,
  type: string | undefined,
): readonly MissingField[] {
  if (format.id !== eventFormat.id) {
    if (format.id !== item.source) return [otherSource(item.source, format.id)];
    const { condition: left, missing } = reachOf(condition, (field) => format.resolver.field(field));
    return left.kind === 'never' ? missing : [];
  }
  if (item.source !== 'syscall') return [otherSource(item.source, 'our own events')];
  const lacking: (readonly MissingField[])[] = [];
  for (const kind of mappedKinds.filter((mapped) => type === undefined || mapped === type)) {
    const reach = reachOf(condition, (field) => eventAnswer(kind, field, format.resolver), isOfMachine);
    if (reach.condition.kind !== 'never') return [];
    lacking.push(reach.missing);
  }
  return fewest(lacking);
}

/** What no event tells where the rule asks for it: tests of that are false, in the kind of events that lacks least. */
function untoldIn({ condition }: CompiledRule): readonly MissingField[] {
  const reaches = mappedKinds.map((kind) =>
    reachOf(condition, (field) => eventAnswer(kind, field, eventFormat.resolver), isOfMachine),
  );
  const able = reaches.filter((reach) => reach.condition.kind !== 'never');
  return fewest((able.length > 0 ? able : reaches).map(({ missing }) => missing));
}

/** `container.id = host` asks for events without a container. */
function isOfMachine(test: FieldTest): boolean {
  if (test.kind !== 'text' || test.operator !== 'equals' || test.subject.kind !== 'field') return false;
  return test.subject.field.name === 'container.id' && test.values.includes(nowhere);
}

/** Whether events of a kind tell a field, by the columns that stand for it. */
function eventAnswer<R>(kind: KindId, field: FieldReference, resolver: StreamResolver<R>): object | Absent {
  const value = valueFor(kind, field);
  if (value === undefined) return { absent: absentReason(field) };
  const answers = columnsOf(value).map((column) => resolver.field(column));
  const [first] = answers;
  return first === undefined || answers.some((answer) => !isAbsent(answer)) ? value : first;
}

function otherSource(source: string, other: string): MissingField {
  return { field: 'evt.source', why: `the rule is for events of ${source}, and these are ${other}` };
}
