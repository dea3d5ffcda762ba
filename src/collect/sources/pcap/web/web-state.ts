import { OpenDecoders } from './open-decoders.ts';
import { RangeJoiner } from './range-joiner.ts';

/** What the connections of a capture that speak one version of HTTP have in common. */
export class WebState {
  readonly joiner = new RangeJoiner();
  readonly decoders = new OpenDecoders();

  tick(time: number): void {
    this.joiner.tick(time);
  }

  finish(): void {
    this.joiner.finish();
  }
}
