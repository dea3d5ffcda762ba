/** Which numbers of labels the listed names have: a lookup tries only those lengths of a name. */
export class LabelMask {
  #bits = 0;

  add(name: string): void {
    this.#bits |= bitOf(name.split('.').length);
  }

  has(labels: number): boolean {
    return (this.#bits & bitOf(labels)) !== 0;
  }
}

/** 31 stands for that many and more. */
function bitOf(labels: number): number {
  return 1 << Math.min(labels, 31);
}
