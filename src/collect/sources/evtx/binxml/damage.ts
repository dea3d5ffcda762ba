/** A record that cannot be read. Its message says what is wrong with it, as a part of a sentence. */
export class RecordDamage extends Error {
  override readonly name = 'RecordDamage';
  /** The record asks for more work than any real one: no damage but an attack, or the rest of a broken chunk. */
  readonly isLimit: boolean;

  constructor(message: string, isLimit = false) {
    super(message);
    this.isLimit = isLimit;
  }
}
