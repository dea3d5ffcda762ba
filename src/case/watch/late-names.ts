/** How long events of a container wait for what its engine says of it: an alert must be told within two seconds of the act. */
const patienceMs = 500;
/** How often one is waited for whose name is known and no more: it is made a while before its own program begins. */
const maxWaits = 4;
/** Containers in vain waited for within that time, after which none is: anybody may call a control group like a container. */
const [maxInVain, forgetMs] = [20, 60_000];
/** Containers remembered that were waited for. */
const maxAsked = 20_000;

interface Wait {
  readonly over: Promise<void>;
  end(): void;
}

/**
 * Holds events back until the engine has told of their container, for a while: name, image and rights of a container that acts as soon as it starts may
 * come after its first events. One of which nothing is told is waited for once.
 */
export class LateNames {
  readonly #waits = new Map<string, Wait>();
  readonly #asked = new Map<string, number>();
  readonly #isNamed: (id: string) => boolean;
  readonly #onUnknown: (id: string) => void;
  #inVain = 0;

  /** `onUnknown` is told of each container of which nothing came in time. */
  constructor(isNamed: (id: string) => boolean, onUnknown: (id: string) => void) {
    this.#isNamed = isNamed;
    this.#onUnknown = onUnknown;
  }

  /** Resolves when all of them were told, or their time is over; undefined when there is nothing to wait for. */
  waitFor(ids: Iterable<string>): Promise<unknown> | undefined {
    const waits = [...ids].flatMap((id) => this.#waitOf(id) ?? []);
    return waits.length === 0 ? undefined : Promise.all(waits.map(({ over }) => over));
  }

  /** All that is wanted of the container is known. */
  told(id: string): void {
    this.#waits.get(id)?.end();
  }

  #waitOf(id: string): Wait | undefined {
    const running = this.#waits.get(id);
    const before = this.#asked.get(id) ?? 0;
    const isEnough = before >= (this.#isNamed(id) ? maxWaits : 1);
    if (running !== undefined || isEnough || this.#inVain >= maxInVain) return running;
    this.#asked.set(id, before + 1);
    if (this.#asked.size > maxAsked) this.#asked.delete(this.#asked.keys().next().value ?? '');
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = (): void => {
      clearTimeout(timer);
      this.#waits.delete(id);
      resolve();
    };
    const timer = setTimeout(() => {
      // One that is gone before it can be asked about has a name and no more.
      if (!this.#isNamed(id)) {
        this.#countInVain();
        this.#onUnknown(id);
      }
      end();
    }, patienceMs);
    const wait = { over: promise, end };
    this.#waits.set(id, wait);
    return wait;
  }

  #countInVain(): void {
    if (this.#inVain++ > 0) return;
    setTimeout(() => void (this.#inVain = 0), forgetMs).unref();
  }
}
