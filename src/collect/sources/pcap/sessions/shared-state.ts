import type { AnnouncedFile } from '../analyzer.ts';
import type { Flow } from '../flows/flow.ts';
import type { CaptureSession } from './capture.ts';
import type { CarriedFiles } from './carried-files.ts';
import type { FlowConnection } from './connection.ts';

/** What all analyzers of one connection share, also those of protocols inside others. */
export interface SharedState {
  readonly flow: Flow;
  readonly connection: FlowConnection;
  readonly capture: CaptureSession;
  readonly files: CarriedFiles;
  /** What the connection that expected this one knows of its file. */
  readonly announced: AnnouncedFile | undefined;
  /** Payload of both sides so far. */
  readonly payloadBytes: number;
  /** Exchanges the sides. */
  flip(): void;
}
