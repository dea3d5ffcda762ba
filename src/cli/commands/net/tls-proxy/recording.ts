import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { VakthundError, messageOf } from '../../../../base/errors.ts';
import { DecryptedCapture, captureHeader } from '../../../../collect/tls-proxy/capture/decrypted-capture.ts';
import { PcapOverIp } from '../../../../collect/tls-proxy/capture/pcap-over-ip.ts';
import { RotatedFiles } from '../../../../collect/tls-proxy/capture/rotated-files.ts';
import { sslLogRow, type ConnectionRecord } from '../../../../collect/tls-proxy/connection-record.ts';
import { counted } from '../../../../outputs/words.ts';
import { isLoopback, parseListenAddress } from '../../../listen-address.ts';
import { numberOf } from '../../../number-option.ts';
import type { TlsProxyOptions } from './options.ts';

const megabyte = 1e6;
/** What the log of connections may take: rows are small beside packets. */
const logFileBytes = 20 * megabyte;
const logKeptBytes = 400 * megabyte;

/** Everything that a run of the proxy writes. */
export class Recording {
  readonly folder: string;
  readonly capture: DecryptedCapture;
  readonly #packets: RotatedFiles;
  readonly #log: RotatedFiles;
  readonly #stream: PcapOverIp | undefined;
  readonly #keyLog: number | undefined;
  readonly #onTrouble: (text: string) => void;
  /** Lines of keys that the disk did not take. */
  #lostKeys = 0;

  constructor(output: string, options: TlsProxyOptions, onTrouble: (text: string) => void) {
    this.folder = resolve(output);
    this.#onTrouble = onTrouble;
    const file = { folder: this.folder, nowMs: () => Date.now(), onTrouble };
    const fileBytes = megabyte * numberOf('--rotate-mb', options.rotateMb, 1, 10_000);
    const keptBytes = megabyte * numberOf('--keep-mb', options.keepMb, 2, 10_000_000);
    const packetFiles = { prefix: 'decrypted', suffix: '.pcap', header: captureHeader, fileBytes, keptBytes };
    const logFiles = {
      prefix: 'ssl',
      suffix: '.log',
      header: Buffer.alloc(0),
      fileBytes: logFileBytes,
      keptBytes: logKeptBytes,
    };
    this.#stream = streamOf(options, onTrouble);
    this.#keyLog = options.keylog === undefined ? undefined : openKeyLog(options.keylog);
    this.#packets = new RotatedFiles({ ...file, ...packetFiles });
    this.#log = new RotatedFiles({ ...file, ...logFiles });
    this.capture = new DecryptedCapture([(chunk) => this.#packets.write(chunk), (chunk) => this.#stream?.send(chunk)]);
  }

  /** Opens the stream of packets where one was asked for; its port. */
  async listen(): Promise<number | undefined> {
    return this.#stream?.listen();
  }

  /** Undefined when no keys are to be kept. */
  get onKeyLog(): ((line: Buffer) => void) | undefined {
    const file = this.#keyLog;
    if (file === undefined) return undefined;
    return (line) => {
      try {
        writeSync(file, line);
      } catch (error) {
        if (this.#lostKeys++ === 0) this.#onTrouble(`the file for keys cannot be written: ${messageOf(error)}`);
      }
    };
  }

  connection(record: ConnectionRecord): void {
    this.#log.write(Buffer.from(`${sslLogRow(record)}\n`));
  }

  async close(): Promise<void> {
    this.capture.flush();
    this.#packets.close();
    this.#log.close();
    await this.#stream?.close();
    if (this.#keyLog !== undefined) closeSync(this.#keyLog);
  }

  /** How many packets there were, and what was lost of them. */
  get summary(): string {
    const { lostChunks } = this.#packets;
    const dropped = this.#stream?.droppedReaders ?? 0;
    const parts = [
      counted(this.capture.packets, 'packet'),
      lostChunks > 0 ? `${counted(lostChunks, 'chunk')} of packets LOST` : undefined,
      this.#log.lostChunks > 0 ? `${counted(this.#log.lostChunks, 'line')} of the log LOST` : undefined,
      this.#lostKeys > 0 ? `${counted(this.#lostKeys, 'line')} of keys LOST` : undefined,
      dropped > 0 ? `${counted(dropped, 'slow reader')} dropped` : undefined,
    ];
    return parts.filter((part) => part !== undefined).join(', ');
  }
}

function streamOf(options: TlsProxyOptions, onTrouble: (text: string) => void): PcapOverIp | undefined {
  if (options.pcapOverIp === undefined) return undefined;
  const address = parseListenAddress('--pcap-over-ip', options.pcapOverIp);
  if (!isLoopback(address)) {
    throw new VakthundError('USAGE', '--pcap-over-ip listens on loopback only: what it streams is in clear', {
      hint: 'carry it further through ssh -L',
    });
  }
  return new PcapOverIp({ ...address, header: captureHeader, onTrouble });
}

/** For appending; made for its owner alone, and refused when others can read it. */
function openKeyLog(path: string): number {
  let file: number;
  try {
    file = openSync(path, 'a', 0o600);
  } catch (cause) {
    throw new VakthundError('OUTPUT', `"${path}" cannot be written`, { cause });
  }
  if ((fstatSync(file).mode & 0o077) === 0) return file;
  closeSync(file);
  throw new VakthundError('OUTPUT', 'others can read the file for keys', { at: { path }, hint: `chmod 600 ${path}` });
}
