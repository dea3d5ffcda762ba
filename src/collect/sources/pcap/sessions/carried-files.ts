import { createHash, type Hash } from 'node:crypto';
import type { AnalyzerContext, FileFacts, FileSink, SharedFileSink } from '../analyzer.ts';
import type { EventOf } from '../../../../events/event.ts';
import type { Flow } from '../flows/flow.ts';
import { isLocalText } from '../flows/local-networks.ts';
import { uidOf } from '../flows/uid.ts';
import { mimeTypeOf, mimeHeadBytes } from '../../../../base/mime-type.ts';
import { logRecord } from '../log-record.ts';
import type { ContentKeeper, KeptContent } from './content-keeper.ts';
import { ExecutableHead } from './executable-head.ts';
import type { HeldPicture, PictureTester } from './picture-tester.ts';

/** Files of one connection that are open at the same time; further ones have no hash. */
const maxOpenFiles = 64;
/** Connections of one shared file that tell it; downloaders open up to 32. */
const maxCarriers = 64;

/** Who is handed the contents of files. */
interface ContentReaders {
  readonly keeper: ContentKeeper | undefined;
  readonly pictures: PictureTester | undefined;
}

/** What is made of the content of one file. */
interface OpenedContent {
  readonly kept: KeptContent | undefined;
  readonly picture: HeldPicture | undefined;
}

/** The files that one connection carries. */
export class CarriedFiles {
  readonly #flow: Flow;
  readonly #readers: ContentReaders;
  readonly #open = new Set<CarriedFile>();
  #count = 0;

  constructor(flow: Flow, readers: ContentReaders) {
    this.#flow = flow;
    this.#readers = readers;
  }

  open(facts: FileFacts, context: AnalyzerContext, service: string | null): FileSink {
    const isHashed = this.#open.size < maxOpenFiles;
    if (!isHashed) context.problem('limit-reached', 'a connection has too many open files; some get no hash');
    const file = new CarriedFile(this.#nextUid(), facts, context, service, isHashed, this.#content(), () =>
      this.#open.delete(file),
    );
    this.#open.add(file);
    return file;
  }

  /** A file that stays open when the connection ends. */
  openShared(facts: FileFacts, context: AnalyzerContext, service: string | null): SharedFileSink {
    return new SharedFile(this.#nextUid(), facts, context, service, true, this.#content(), () => undefined);
  }

  #content(): OpenedContent {
    const { keeper, pictures } = this.#readers;
    return { kept: keeper?.open(), picture: pictures?.open() };
  }

  #nextUid(): string {
    const { startTime, packet, origPort, respPort } = this.#flow;
    return uidOf('F', [startTime, packet, origPort, respPort, ++this.#count]);
  }

  /** Ends what is still open. */
  close(): void {
    for (const file of this.#open) file.end();
  }
}

class CarriedFile implements FileSink {
  readonly uid: string;
  mimeType: string | null = null;
  readonly #facts: FileFacts;
  readonly #context: AnalyzerContext;
  readonly #service: string | null;
  readonly #kept: KeptContent | undefined;
  readonly #picture: HeldPicture | undefined;
  readonly #onEnd: () => void;
  readonly #startTime: number;
  readonly #startPacket: number;
  #hashes: { readonly md5: Hash; readonly sha1: Hash; readonly sha256: Hash } | undefined;
  #head: Uint8Array = new Uint8Array(0);
  #executable: ExecutableHead | undefined;
  #isTypeKnown = false;
  #bytes = 0;
  #missing = 0;
  #lastTime: number;
  #isEnded = false;

  constructor(
    uid: string,
    facts: FileFacts,
    context: AnalyzerContext,
    service: string | null,
    isHashed: boolean,
    { kept, picture }: OpenedContent,
    onEnd: () => void,
  ) {
    this.uid = uid;
    this.#facts = facts;
    this.#context = context;
    this.#service = service;
    this.#kept = kept;
    this.#picture = picture;
    this.#onEnd = onEnd;
    this.#startTime = context.clock.time;
    this.#startPacket = context.clock.packet;
    this.#lastTime = context.clock.time;
    if (isHashed) {
      this.#hashes = { md5: createHash('md5'), sha1: createHash('sha1'), sha256: createHash('sha256') };
    }
  }

  data(bytes: Uint8Array): void {
    if (this.#isEnded || bytes.length === 0) return;
    if (this.#bytes === 0 && this.#missing === 0 && ExecutableHead.begins(bytes)) {
      this.#executable = new ExecutableHead();
    }
    this.#executable?.add(bytes);
    this.#bytes += bytes.length;
    this.noteTime();
    this.#hashes?.md5.update(bytes);
    this.#hashes?.sha1.update(bytes);
    this.#hashes?.sha256.update(bytes);
    this.#kept?.add(bytes);
    this.#picture?.add(bytes);
    if (!this.#isTypeKnown) this.#lookAt(bytes);
  }

  /** A file with a hole has no hash that anybody else would compute. */
  gap(length: number): void {
    if (this.#isEnded) return;
    this.#missing += length;
    this.#hashes = undefined;
    this.#executable?.cut();
    this.#kept?.cut();
    this.#picture?.drop();
    if (!this.#isTypeKnown) this.#tellType();
  }

  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#onEnd();
    if (!this.#isTypeKnown) this.#tellType();
    // One that ended before the size that was told has no hash that anybody else would compute, as one with a hole.
    if (this.#bytes + this.#missing < (this.#facts.size ?? 0)) this.#hashes = undefined;
    const hashes = {
      md5: this.#hashes?.md5.digest('hex') ?? null,
      sha1: this.#hashes?.sha1.digest('hex') ?? null,
      sha256: this.#hashes?.sha256.digest('hex') ?? null,
    };
    let told: EventOf<'file_transfer'> | undefined;
    for (const [context, packet] of this.carriers()) {
      const event = this.#eventFor(context, packet, hashes);
      context.emit(event);
      told ??= event;
    }
    this.#tellExecutable();
    this.#tellHidden(hashes.sha256);
    if (told !== undefined) this.#kept?.end(told);
  }

  /** A record of its own, as Zeek's pe.log, for a program of Windows. */
  #tellExecutable(): void {
    const facts = this.#executable?.facts;
    if (facts === undefined) return;
    for (const [context, packet] of this.carriers()) {
      const event = logRecord(context, 'pe', { id: this.uid, ...facts });
      event.time = this.#startTime;
      event.evidence_at = packet;
      context.emit(event);
      return;
    }
  }

  /** A record for each sign that the picture hides something. One that is not whole has no hash, and is not tested. */
  #tellHidden(sha256: string | null): void {
    if (sha256 === null) {
      this.#picture?.drop();
      return;
    }
    const { type, signs } = this.#picture?.end(sha256) ?? { type: null, signs: [] };
    for (const [context, packet] of signs.length === 0 ? [] : this.carriers()) {
      for (const { id, title, severity, score, at, attack, reasons } of signs) {
        const event = logRecord(context, 'hidden_data', {
          id: this.uid,
          sha256,
          mime_type: type,
          bytes: this.#bytes,
          is_orig: this.#facts.isOrig,
          sign: id,
          severity,
          score,
          at,
          attack: attack.join(' '),
          reasons: reasons.map(({ what, value }) => `${what}: ${value}`),
        });
        event.time = this.#startTime;
        event.evidence_at = packet;
        event.message = title;
        context.emit(event);
      }
    }
  }

  /** Nothing that carries the file says where it ends: it is over when nothing more comes. */
  protected readonly endsByTime: boolean = false;

  /** The connections that tell the file, each with the packet at which it began there. */
  protected carriers(): Iterable<readonly [AnalyzerContext, number]> {
    return [[this.#context, this.#startPacket]];
  }

  /** Bytes of the file came now. */
  protected noteTime(): void {
    this.#lastTime = this.#context.clock.time;
  }

  #eventFor(
    context: AnalyzerContext,
    packet: number,
    hashes: { readonly md5: string | null; readonly sha1: string | null; readonly sha256: string | null },
  ): EventOf<'file_transfer'> {
    const event = context.newEvent('file_transfer');
    event.time = this.#startTime;
    event.evidence_at = packet;
    event.file_uid = this.uid;
    event.file_name = this.#facts.name ?? null;
    event.file_size = this.#facts.size ?? this.#bytes;
    event.file_mime_type = this.mimeType;
    event.file_analyzers = this.mimeType === 'application/x-dosexec' ? ['PE'] : null;
    event.file_hash_md5 = hashes.md5;
    event.file_hash_sha1 = hashes.sha1;
    event.file_hash_sha256 = hashes.sha256;
    event.network_protocol = this.#service?.replaceAll('-', '_') ?? null;
    event.file_depth = this.#facts.depth ?? null;
    event.event_duration = this.#lastTime - this.#startTime;
    event.missing_bytes = this.#missing;
    event.file_from_source = this.#facts.isOrig;
    event.url_domain = this.#facts.urlDomain ?? null;
    event.url_original = this.#facts.url ?? null;
    const { sourceIp, destinationIp } = context.connection;
    event.fields = JSON.stringify({
      local_orig: isLocalText(this.#facts.isOrig ? sourceIp : destinationIp),
      seen_bytes: this.#bytes,
      total_bytes: this.#facts.size,
      timedout: this.endsByTime || undefined,
    });
    return event;
  }

  #lookAt(bytes: Uint8Array): void {
    const head = new Uint8Array(Math.min(mimeHeadBytes, this.#head.length + bytes.length));
    head.set(this.#head);
    head.set(bytes.subarray(0, head.length - this.#head.length), this.#head.length);
    this.#head = head;
    if (head.length >= mimeHeadBytes) this.#tellType();
  }

  #tellType(): void {
    this.#isTypeKnown = true;
    this.mimeType = mimeTypeOf(this.#head);
    this.#head = new Uint8Array(0);
  }
}

/** A file whose bytes are handed on later than they came: its time is that of their coming. */
class SharedFile extends CarriedFile implements SharedFileSink {
  protected override readonly endsByTime = true;
  readonly #carriers = new Map<AnalyzerContext, number>();

  carriedBy(context: AnalyzerContext): void {
    super.noteTime();
    if (this.#carriers.size < maxCarriers && !this.#carriers.has(context)) {
      this.#carriers.set(context, context.clock.packet);
    }
  }

  protected override carriers(): Iterable<readonly [AnalyzerContext, number]> {
    return this.#carriers;
  }

  protected override noteTime(): void {
    // Told by `carriedBy`.
  }
}
