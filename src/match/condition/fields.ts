import type { Condition, FieldReference, Subject } from './condition.ts';

/** Fields that a condition looks at, each once for every place that names it; `*` where it looks at all of them. */
export function fieldsOf(condition: Condition): (FieldReference | '*')[] {
  const fields: (FieldReference | '*')[] = [];
  const left: Condition[] = [condition];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (node.kind === 'not') left.push(node.of);
    else if ('of' in node) for (const member of node.of) left.push(member);
    else if (node.kind === 'fields') addFields([node.subject, node.right], fields);
    else if ('subject' in node) addFields([node.subject], fields);
  }
  return fields;
}

function addFields(subjects: readonly Subject[], fields: (FieldReference | '*')[]): void {
  const left = [...subjects];
  for (let subject = left.pop(); subject !== undefined; subject = left.pop()) {
    if (subject.kind === 'field') fields.push(subject.field);
    else if (subject.kind === 'all-fields') fields.push('*');
    else if (subject.kind === 'transform') for (const part of subject.of) left.push(part);
  }
}
