import { RecordBuilder, type Scalar, type WindowsRecord } from '../../../windows/record.ts';
import { Cursor } from './cursor.ts';
import { RecordDamage } from './damage.ts';
import { Names } from './names.ts';
import { parseFragment } from './parse.ts';
import { planOf, type FieldStep, type Place, type Plan } from './steps.ts';
import { isElement, noValues, type ElementNode, type InstanceNode, type Part, type Values } from './tree.ts';
import { listFlag, types } from './types.ts';
import { readEntries, readValue, textOf } from './values.ts';

/** Templates and fragments within one another; Windows itself writes up to three. */
const maxDepth = 16;
/**
 * What the records of one chunk may come to, in bytes of names, values and templates that are read. A template stands once
 * and may name a long value thousands of times, in each record: without a bound, 64 KiB become gigabytes.
 */
const chunkBudget = 16 << 20;

interface Template {
  readonly root: ElementNode | InstanceNode | undefined;
  readonly plans: Map<Place, Plan>;
}

/** Reads the binary XML of one chunk's records; templates and names are read once. */
export class Walker {
  readonly #chunk: Buffer;
  readonly #names: Names;
  readonly #templates = new Map<number, Template>();
  readonly #builder = new RecordBuilder();
  #budget = chunkBudget;

  constructor(chunk: Buffer) {
    this.#chunk = chunk;
    this.#names = new Names(chunk);
  }

  /** The record whose binary XML stands between two offsets. Throws `RecordDamage` where it cannot be read. */
  read(start: number, end: number): WindowsRecord {
    try {
      this.#fragments(start, end, 'document', 0);
    } catch (error) {
      this.#builder.finish();
      throw error;
    }
    return this.#builder.finish();
  }

  /** Fragments that stand in a record, one after another. */
  #fragments(start: number, end: number, place: Place, depth: number): void {
    if (depth > maxDepth) throw new RecordDamage(`its fragments are nested deeper than ${maxDepth}`, true);
    const cursor = new Cursor(this.#chunk, start, end);
    for (;;) {
      const node = parseFragment(cursor, { names: this.#names, hasDependency: false });
      if (node === undefined) return;
      this.#spend(cursor.at - start);
      if (isElement(node)) this.#run(planOf(node, place), noValues, depth);
      else this.#instance(node, place, depth);
    }
  }

  #instance({ definition, values }: InstanceNode, place: Place, depth: number): void {
    if (depth > maxDepth) throw new RecordDamage(`its templates are nested deeper than ${maxDepth}`, true);
    const template = this.#templates.get(definition) ?? this.#template(definition);
    const { root } = template;
    if (root === undefined) return;
    if (!isElement(root)) {
      this.#instance(root, place, depth + 1);
      return;
    }
    let plan = template.plans.get(place);
    if (plan === undefined) {
      plan = planOf(root, place);
      template.plans.set(place, plan);
    }
    this.#run(plan, values, depth);
  }

  /** Reads a definition: offset of the next one, GUID, size of the fragment that follows. */
  #template(offset: number): Template {
    const head = new Cursor(this.#chunk, offset, this.#chunk.length);
    head.skip(20);
    const size = head.u32();
    const cursor = new Cursor(this.#chunk, head.at, head.at + size);
    // One that cannot be read is tried again for each record that refers to it.
    this.#spend(cursor.end - cursor.at);
    const root = parseFragment(cursor, { names: this.#names, hasDependency: true });
    const template: Template = { root, plans: new Map() };
    this.#templates.set(offset, template);
    return template;
  }

  #run({ steps, cost }: Plan, values: Values, depth: number): void {
    this.#spend(cost);
    for (const step of steps) {
      if ('instance' in step) this.#instance(step.instance, step.inside, depth + 1);
      else if (step.slot >= 0) this.#value(step, values, depth);
      else this.#parts(step, values, depth);
    }
  }

  /** A field that is one value of the record. */
  #value(step: FieldStep, values: Values, depth: number): void {
    const { slot } = step;
    const type = this.#typeOf(slot, values);
    if ((type & listFlag) !== 0 && step.keepsEmpty && step.name === undefined) {
      // A list in a `Data` element without a name stands for as many elements.
      const size = this.#sizeOf(slot, values);
      this.#spend(size);
      const entries = readEntries(this.#chunk, type, values.starts[slot] ?? 0, size);
      for (const entry of entries) this.#add(step, undefined, entry);
      return;
    }
    const value = this.#slot(slot, values, step, depth);
    // A fragment has added its own fields.
    if (type !== types.binXml) this.#add(step, step.name, value);
  }

  /** A field that is made of text and values, or whose name is. */
  #parts(step: FieldStep, values: Values, depth: number): void {
    const name = step.nameParts === undefined ? step.name : this.#joined(step.nameParts, values, step, depth);
    const value = this.#joined(step.parts, values, step, depth);
    this.#add(step, name === undefined ? undefined : textOf(name), value);
  }

  /** The value of parts: as it is when only one of them is not empty, else the text of all. */
  #joined(parts: readonly Part[], values: Values, step: FieldStep, depth: number): Scalar | undefined {
    let joined: Scalar | undefined;
    for (const part of parts) {
      const value = 'slot' in part ? this.#slot(part.slot, values, step, depth) : part.text;
      if (value === undefined || value === '') continue;
      if (typeof value === 'string') this.#spend(value.length);
      joined = joined === undefined ? value : textOf(joined) + textOf(value);
    }
    return joined;
  }

  /** A value of the record; undefined when it is empty, or a fragment, whose fields are added to the record. */
  #slot(slot: number, values: Values, step: FieldStep, depth: number): Scalar | undefined {
    const start = values.starts[slot];
    if (start === undefined) return undefined;
    const type = this.#typeOf(slot, values);
    const size = this.#sizeOf(slot, values);
    this.#spend(size);
    if (type !== types.binXml) return readValue(this.#chunk, type, start, size);
    this.#fragments(start, start + size, step.inside, depth + 1);
    return undefined;
  }

  #typeOf(slot: number, { descriptors, starts }: Values): number {
    return slot < starts.length ? (this.#chunk[descriptors + 4 * slot + 2] ?? 0) : types.null;
  }

  #sizeOf(slot: number, { descriptors }: Values): number {
    return this.#chunk.readUInt16LE(descriptors + 4 * slot);
  }

  #add({ container, keepsEmpty }: FieldStep, name: string | undefined, value: Scalar | undefined): void {
    if (value === undefined && !keepsEmpty) return;
    if (name === undefined) this.#builder.addUnnamed(value ?? '');
    else this.#builder.add(container, name, value ?? '');
  }

  #spend(cost: number): void {
    this.#budget -= cost;
    if (this.#budget < 0) throw new RecordDamage('the records of its chunk come to more than 16 MiB', true);
  }
}
