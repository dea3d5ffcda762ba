import { isItem, type Detection, type SigmaRule, type SigmaValue } from '../model.ts';

/** Names of the placeholders in a rule, each once, in their order. */
export function placeholdersOf(rule: Pick<SigmaRule, 'detections'>): string[] {
  const names = new Set<string>();
  for (const detection of rule.detections.values()) addFrom(detection, names);
  return [...names];
}

function addFrom(detection: Detection, names: Set<string>): void {
  for (const part of detection.items) {
    if (isItem(part)) for (const value of part.values) addFromValue(value, names);
    else addFrom(part, names);
  }
}

function addFromValue(value: SigmaValue, names: Set<string>): void {
  if (value.type === 'or') for (const one of value.values) addFromValue(one, names);
  if (value.type !== 'string') return;
  for (const part of value.parts) if (typeof part === 'object' && 'placeholder' in part) names.add(part.placeholder);
}
