import type { AnnouncedFile } from '../analyzer.ts';
import type { Flow, PayloadReader } from '../flows/flow.ts';
import type { CaptureSession } from './capture.ts';
import { CarriedFiles } from './carried-files.ts';
import { FlowConnection } from './connection.ts';
import { ProtocolFeed } from './feed.ts';
import type { SharedState } from './shared-state.ts';

/** Reads the payload of one flow for the analyzers. */
export class Session implements PayloadReader, SharedState {
  readonly flow: Flow;
  readonly connection: FlowConnection;
  readonly capture: CaptureSession;
  readonly files: CarriedFiles;
  payloadBytes = 0;
  announced: AnnouncedFile | undefined = undefined;
  readonly #feed: ProtocolFeed;

  constructor(flow: Flow, uid: string, capture: CaptureSession) {
    this.flow = flow;
    this.capture = capture;
    this.connection = new FlowConnection(flow, uid);
    this.files = new CarriedFiles(flow, capture);
    this.#feed = new ProtocolFeed(this, 0);
  }

  /** Attaches whoever may read this flow; false when there is nobody. */
  open(): boolean {
    const { capture, connection } = this;
    const expected = capture.expected(connection);
    const known =
      expected === undefined ? capture.byPort(connection.transport, connection.destinationPort) : [expected.running];
    this.announced = expected?.announced;
    for (const running of known) this.#feed.attach(running);
    this.#feed.recognizeBy(capture.byContent(connection.transport));
    return !this.#feed.isIdle;
  }

  data(isOrig: boolean, bytes: Uint8Array, start: number, end: number): void {
    this.payloadBytes += end - start;
    this.#feed.data(isOrig, bytes.subarray(start, end));
    if (this.#feed.isIdle) this.#leave();
  }

  gap(isOrig: boolean, length: number): void {
    this.#feed.gap(isOrig, length);
    if (this.#feed.isIdle) this.#leave();
  }

  endOfStream(isOrig: boolean): void {
    this.#feed.endOfStream(isOrig);
  }

  close(): void {
    this.#feed.close();
    this.files.close();
  }

  flip(): void {
    this.capture.flip(this.flow);
    this.connection.flipped();
    this.#feed.flipped();
  }

  /** Nobody is interested any more: the rest of the flow is only counted. */
  #leave(): void {
    this.files.close();
    this.flow.reader = undefined;
    this.flow.isUnread = true;
  }
}
