import type { Flow } from '../flows/flow.ts';
import type { Dissector } from './dissector.ts';
import type { FragmentEnds } from './fragments.ts';

/** Datagrams whose owner is remembered for copies of their fragments. */
const maxOwners = 16_384;
/** Time between two looks for fragments that wait too long, in µs. */
const lookMicros = 1e6;

export interface FragmentOwnersHandler<Owner> {
  /** The owner of the open flow between these ends; undefined where there is none, or nobody's. */
  ownerOf(flow: Flow): Owner | undefined;
  openFlow(ends: FragmentEnds): Flow | undefined;
  /** To whom earlier frames belong that brought fragments; undefined for nobody. */
  decided(frames: readonly number[], owner: Owner | undefined): void;
}

/**
 * Finds out to whom frames belong that brought fragments: to whom the datagram belongs that they make. Copies of fragments go where the
 * datagram went; those of one that never becomes whole to the open flow that its first fragment names.
 */
export class FragmentOwners<Owner> {
  readonly #dissector: Dissector;
  readonly #handler: FragmentOwnersHandler<Owner>;
  readonly #owners = new Map<number, Owner | undefined>();
  #lastLook = 0;

  constructor(dissector: Dissector, handler: FragmentOwnersHandler<Owner>) {
    this.#dissector = dissector;
    this.#handler = handler;
  }

  /** After each frame: its number and time, and to whom it belongs, as far as that is known. */
  after(number: number, time: number, owner: Owner | undefined): void {
    const { earlierFrames, isHeld } = this.#dissector;
    if (earlierFrames.length > 0 && (!isHeld || owner !== undefined)) {
      this.#handler.decided(earlierFrames, owner);
      this.#remember(number, owner);
    }
    if (time - this.#lastLook >= lookMicros || time < this.#lastLook) {
      this.#lastLook = time;
      this.#dissector.expireFragments(time);
    }
    this.#decideAbandoned();
  }

  /** Before the flows are ended. */
  finish(): void {
    this.#dissector.expireFragments();
    this.#decideAbandoned();
  }

  #decideAbandoned(): void {
    for (const { frames, copiesOf, ends } of this.#dissector.takeAbandoned()) {
      this.#handler.decided(frames, this.#owners.get(copiesOf) ?? this.#openOwner(ends));
    }
  }

  #openOwner(ends: FragmentEnds | undefined): Owner | undefined {
    const flow = ends === undefined ? undefined : this.#handler.openFlow(ends);
    return flow === undefined ? undefined : this.#handler.ownerOf(flow);
  }

  #remember(number: number, owner: Owner | undefined): void {
    for (const oldest of this.#owners.keys()) {
      if (this.#owners.size < maxOwners) break;
      this.#owners.delete(oldest);
    }
    this.#owners.set(number, owner);
  }
}
