import { attributeName, containerOf, nameIn, type Container } from '../../../windows/record.ts';
import { isElement, isInstance, type ContentNode, type ElementNode, type InstanceNode, type Part } from './tree.ts';

/**
 * What a template does for each record, without its tree: fields in order, each with the parts that its value is made
 * of. `instance` is a template within a template.
 */
export type Step = FieldStep | InstanceStep;

export interface FieldStep {
  readonly container: Container;
  /** Where fragments among the parts belong. */
  readonly inside: Place;
  /** Undefined for a `Data` element that has no name, or whose name is one of the record's values. */
  readonly name: string | undefined;
  /** The name of a `Data` element in a record's values. */
  readonly nameParts: readonly Part[] | undefined;
  readonly parts: readonly Part[];
  /** The value when it is the record's, with nothing beside it and a fixed name, which is the rule; else -1. */
  readonly slot: number;
  /** The field is there also when it is empty. */
  readonly keepsEmpty: boolean;
}

export interface InstanceStep {
  readonly inside: Place;
  readonly instance: InstanceNode;
}

/** Where a fragment stands: it is the event, one of the event's own elements, or within a part of the event. */
export type Place = 'document' | 'event' | Container;

export interface Plan {
  readonly steps: readonly Step[];
  /** What a run of them takes at least, in bytes of its result. */
  readonly cost: number;
}

/** Of a step, beside names and values: quotes, marks, an entry in the record. */
const stepCost = 16;

/** The steps of a fragment's element that stands in some place. */
export function planOf(element: ElementNode, place: Place): Plan {
  const steps = stepsOf(element, place);
  let cost = 0;
  for (const step of steps) {
    cost += stepCost;
    if ('parts' in step) cost += (step.name?.length ?? 0) + stepCost * step.parts.length;
  }
  return { steps, cost };
}

function stepsOf(element: ElementNode, place: Place): Step[] {
  const steps: Step[] = [];
  if (place === 'document' && element.name === 'Event') addEvent(element, steps);
  else if (place === 'document' || place === 'event') addContainer(element, steps);
  else addElement(element, place, steps);
  return steps;
}

function addEvent(element: ElementNode, steps: Step[]): void {
  addAttributes(element, 'Event', element.name, steps);
  addContent(element, 'event', 'Event', element.name, steps);
}

function addContainer(element: ElementNode, steps: Step[]): void {
  const container = containerOf(element.name);
  addAttributes(element, container, element.name, steps);
  addContent(element, container, container, element.name, steps);
}

function addElement(element: ElementNode, container: Container, steps: Step[]): void {
  const isData = element.name === 'Data' && (container === 'EventData' || container === 'UserData');
  if (isData) {
    addData(element, container, steps);
    return;
  }
  const name = nameIn(container, element.name);
  addAttributes(element, container, name, steps);
  addContent(element, container, container, name, steps);
}

function addContent(element: ElementNode, inside: Place, container: Container, name: string, steps: Step[]): void {
  const parts: Part[] = [];
  for (const node of element.content) {
    if (isElement(node)) addNested(node, inside, steps);
    else if (isInstance(node)) steps.push({ inside, instance: node });
    else parts.push(node);
  }
  if (parts.length > 0) steps.push(fieldStep({ container, inside, name, parts }));
}

function addNested(element: ElementNode, inside: Place, steps: Step[]): void {
  if (inside === 'event' || inside === 'document') addContainer(element, steps);
  else addElement(element, inside, steps);
}

/** A `Data` element: its attribute `Name` is the field's name. */
function addData(element: ElementNode, container: Container, steps: Step[]): void {
  const nameParts = element.attributes.find((attribute) => attribute.name === 'Name')?.parts ?? [];
  const name = fixedText(nameParts);
  const others = element.attributes.filter((attribute) => attribute.name !== 'Name');
  if (others.length > 0) addAttributes({ ...element, attributes: others }, container, name ?? element.name, steps);
  const isNamed = name === undefined && nameParts.length > 0;
  const inner = element.content.filter((node) => isElement(node) || isInstance(node));
  for (const node of inner) {
    if (isElement(node)) addElement(node, container, steps);
    else steps.push({ inside: container, instance: node });
  }
  const parts = element.content.filter(isPart);
  if (parts.length === 0 && inner.length > 0) return;
  const names = isNamed ? { name: undefined, nameParts } : { name };
  steps.push(fieldStep({ container, inside: container, ...names, parts, keepsEmpty: true }));
}

function addAttributes(element: ElementNode, container: Container, field: string, steps: Step[]): void {
  for (const { name: attribute, parts } of element.attributes) {
    const name = attributeName(field, attribute);
    if (name !== undefined) steps.push(fieldStep({ container, inside: container, name, parts }));
  }
}

type NewField = Pick<FieldStep, 'container' | 'inside' | 'name' | 'parts'> & Partial<FieldStep>;

function fieldStep({ container, inside, name, nameParts, parts, keepsEmpty = false }: NewField): FieldStep {
  const [first] = parts;
  const isOne = parts.length === 1 && nameParts === undefined && first !== undefined && 'slot' in first;
  const slot = isOne ? first.slot : -1;
  return { container, inside, name, nameParts, parts, slot, keepsEmpty };
}

/** The text of parts that are all text; undefined when they are none, empty, or values of the record. */
function fixedText(parts: readonly Part[]): string | undefined {
  let text = '';
  for (const part of parts) {
    if ('slot' in part) return undefined;
    text += part.text;
  }
  return text === '' ? undefined : text;
}

function isPart(node: ContentNode): node is Part {
  return !isElement(node) && !isInstance(node);
}
