import { checkNames, type CheckName, type SignatureCheck } from '../../signature-scheme.ts';

const order = Object.keys(checkNames) as readonly CheckName[];

/** Collects what was checked of one signature: one result for each check, the first failure counts. */
export class CheckList {
  readonly #checks = new Map<CheckName, SignatureCheck>();

  passed(name: CheckName, detail: string): void {
    this.#set({ name, state: 'passed', detail });
  }

  failed(name: CheckName, detail: string): void {
    this.#set({ name, state: 'failed', detail });
  }

  warned(name: CheckName, detail: string): void {
    this.#set({ name, state: 'warned', detail });
  }

  notChecked(name: CheckName, detail: string): void {
    this.#set({ name, state: 'not-checked', detail });
  }

  /** `passed` when it holds, `failed` otherwise; gives `holds` back. */
  require(name: CheckName, holds: boolean, passed: string, failed: string): boolean {
    if (holds) this.passed(name, passed);
    else this.failed(name, failed);
    return holds;
  }

  stateOf(name: CheckName): SignatureCheck['state'] | undefined {
    return this.#checks.get(name)?.state;
  }

  /** Nothing failed, and each of `needed` was checked. */
  isValid(needed: readonly CheckName[]): boolean {
    const states = this.list().map(({ state }) => state);
    return (
      !states.includes('failed') &&
      needed.every((name) => this.stateOf(name) === 'passed' || this.stateOf(name) === 'warned')
    );
  }

  /** In the order of `checkNames`. */
  list(): SignatureCheck[] {
    return order.flatMap((name) => this.#checks.get(name) ?? []);
  }

  #set(check: SignatureCheck): void {
    const before = this.#checks.get(check.name);
    if (before?.state === 'failed') return;
    this.#checks.set(check.name, check);
  }
}
