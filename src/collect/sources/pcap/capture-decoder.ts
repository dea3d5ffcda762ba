import type { Problem } from '../../../base/problem.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { CarriedKeyLog, JoinedSecrets, noSecrets, type TlsSecrets } from '../../tls-secrets.ts';
import type { PacketIndexSink } from '../../packet-index.ts';
import type { LinkFrame, ProtocolAnalyzer } from './analyzer.ts';
import { CaptureFile, type FilePosition } from './files/capture-file.ts';
import type { FileProblem, Frame, FrameSink } from './files/frame.ts';
import type { Flow, PayloadReader } from './flows/flow.ts';
import { flowEvent, macAddress } from './flows/record.ts';
import { FlowTracker, type ChecksumPolicy, type FlowHandler, type Tunnel } from './flows/tracker.ts';
import { Dissector, type TunnelContent } from './layers/dissector.ts';
import { FragmentOwners } from './layers/fragment-owners.ts';
import type { Packet } from './layers/packet.ts';
import type { UdpTunnel } from './layers/tunnels.ts';
import { Share, type PartOfCapture } from './parts/share.ts';
import { CaptureClock } from './sessions/clock.ts';
import { CaptureSession } from './sessions/capture.ts';
import type { ContentKeeper } from './sessions/content-keeper.ts';
import { Session } from './sessions/session.ts';
import { Tally } from './tally.ts';

export interface CaptureOptions {
  /** Application protocols to read; none for flows alone. */
  readonly protocols: readonly ProtocolAnalyzer[];
  readonly checksums: ChecksumPolicy;
  /** Given when the contents of carried files are wanted, for whom they are kept. */
  readonly keeper?: ContentKeeper;
  /** Secrets that stand beside the capture. */
  readonly secrets?: TlsSecrets;
  /** Takes down where the packets of each connection stand. */
  readonly index?: PacketIndexSink;
  /** Given when others read the rest of the same capture: what this one tells. */
  readonly part?: PartOfCapture;
  /** Told after each frame how many events wait to be taken. */
  readonly afterFrame?: (packet: number, events: number) => void;
  /** Where an earlier reading of the same file stopped, and how many packets it had read. */
  readonly from?: { readonly position: FilePosition; readonly packets: number };
}

/** Decodes one capture: bytes in, events and problems out. */
export class CaptureDecoder implements FrameSink, FlowHandler {
  readonly #clock = new CaptureClock();
  readonly #tally = new Tally();
  /** Problems of what belongs to no flow. */
  readonly #commonTally: Tally;
  readonly #tracker: FlowTracker;
  readonly #dissector: Dissector;
  readonly #file: CaptureFile;
  readonly #session: CaptureSession;
  /** Secrets that the capture itself carries. */
  readonly #keyLog = new CarriedKeyLog();
  readonly #events: VakthundEvent[] = [];
  readonly #fileProblems: Problem[] = [];
  readonly #index: PacketIndexSink | undefined;
  /** Where an index is made: for which connections frames with fragments came, by the first packet of each. */
  readonly #fragments: FragmentOwners<number> | undefined;
  readonly #afterFrame: CaptureOptions['afterFrame'];
  readonly #isFirst: boolean;
  readonly #stateOfFile = (): string => this.#file.readerState();
  /** First packet of the connection that the packet belongs to; 0 for none. */
  #connectionOfPacket = 0;
  #lastTick = 0;

  constructor(options: CaptureOptions) {
    const { index, part } = options;
    this.#index = index;
    this.#afterFrame = options.afterFrame;
    const onPacket = index === undefined ? undefined : (flow: Flow): void => this.#seeFlow(flow, index);
    const share = part === undefined ? undefined : new Share(part, options.protocols);
    this.#isFirst = share?.isFirst ?? true;
    // What the other parts would say too goes into one that nobody asks.
    this.#commonTally = this.#isFirst ? this.#tally : new Tally();
    this.#tracker = new FlowTracker(this, this.#tally, options.checksums, { onPacket, share });
    index?.begin(options.from?.packets ?? 0);
    this.#dissector = new Dissector(this.#tracker, this.#commonTally, {
      acceptsBadIpChecksum: options.checksums === 'accept',
      watchesFragments: index !== undefined,
    });
    this.#fragments = index === undefined ? undefined : this.#ownersOfFragments(index);
    const flip = (flow: Flow): void => this.#tracker.flip(flow);
    const { protocols, keeper } = options;
    const secrets = new JoinedSecrets(options.secrets ?? noSecrets, this.#keyLog);
    this.#session = new CaptureSession(protocols, this.#clock, this.#events, this.#tally, flip, secrets, keeper);
    this.#clock.packet = options.from?.packets ?? 0;
    this.#file = new CaptureFile(this, options.from?.position);
  }

  /** Packets read so far. */
  get packets(): number {
    return this.#clock.packet;
  }

  get position(): FilePosition | undefined {
    return this.#file.position();
  }

  push(chunk: Uint8Array): void {
    this.#file.push(chunk);
  }

  /** Ends all that is open. */
  finish(): void {
    this.#file.finish();
    this.#fragments?.finish();
    this.#tracker.finish();
    this.#session.finish();
    this.#tellLateSecrets();
    this.#dissector.finish();
  }

  /** Hands over the events since the last time. */
  takeEvents(): VakthundEvent[] {
    return this.#events.splice(0);
  }

  get pendingEvents(): number {
    return this.#events.length;
  }

  /** Hands over problems of the file; those of packets are counted until the end. */
  takeProblems(atEnd: boolean): Problem[] {
    const problems = this.#fileProblems.splice(0);
    return atEnd ? [...problems, ...this.#tally.drain()] : problems;
  }

  frame(frame: Frame): void {
    const clock = this.#clock;
    clock.packet++;
    clock.time = frame.time;
    this.#tracker.advance(frame.time);
    if (frame.time - this.#lastTick >= 1e6 || frame.time < this.#lastTick) {
      this.#lastTick = frame.time;
      this.#session.tick();
    }
    if (frame.wireBytes > frame.end - frame.start) {
      this.#commonTally.add('partly-seen', 'a packet is cut by the snapshot length', clock.packet);
    }
    this.#connectionOfPacket = 0;
    this.#dissector.frame(frame, clock.packet);
    this.#index?.packet(this.#connectionOfPacket, frame.fileAt, this.#stateOfFile);
    this.#fragments?.after(clock.packet, frame.time, this.#connectionOfPacket || undefined);
    this.#afterFrame?.(clock.packet, this.#events.length);
  }

  #ownersOfFragments(index: PacketIndexSink): FragmentOwners<number> {
    return new FragmentOwners<number>(this.#dissector, {
      ownerOf: (flow) => flow.packet,
      openFlow: (ends) => this.#tracker.openFlow(ends),
      decided: (frames, connection) => {
        if (connection !== undefined) index.belong(frames, connection);
      },
    });
  }

  #seeFlow(flow: Flow, index: PacketIndexSink): void {
    if (this.#connectionOfPacket !== 0) index.giveUp();
    this.#connectionOfPacket = flow.packet;
  }

  secrets(text: string): void {
    const unread = text.split('\n').filter((line) => !this.#keyLog.add(line)).length;
    if (unread > 0) {
      this.#commonTally.add(
        'bad-record',
        'a line of the TLS secrets in the capture is not readable',
        this.#clock.packet,
        unread,
      );
    }
  }

  #tellLateSecrets(): void {
    const late = this.#keyLog.takeLate();
    if (late === 0) return;
    const message =
      'secrets of a TLS session stand in the capture behind the session, which was not decrypted: ' +
      'give them as a key log beside the capture';
    this.#tally.add('partly-seen', message, this.#clock.packet, late);
  }

  problem({ code, message, count }: FileProblem, byte: number): void {
    if (!this.#isFirst) return;
    this.#fileProblems.push({ code, at: { byte }, message, ...(count === undefined ? {} : { count }) });
  }

  open(flow: Flow): PayloadReader | undefined {
    if (!this.#session.hasReaders) return undefined;
    const session = new Session(flow, this.#tracker.uid(flow), this.#session);
    return session.open() ? session : undefined;
  }

  ended(flow: Flow): void {
    this.#events.push(flowEvent(flow, this.#tracker.uid(flow), this.#tracker.histories.text(flow.history)));
  }

  tunnel(tunnel: Tunnel): void {
    const event = this.#session.newEvent('log');
    event.event_dataset = 'pcap.tunnel';
    event.log_name = 'tunnel';
    event.uid = tunnel.uid;
    event.source_ip = tunnel.sourceIp;
    event.source_port = tunnel.sourcePort;
    event.destination_ip = tunnel.destinationIp;
    event.destination_port = tunnel.destinationPort;
    event.fields = JSON.stringify({ tunnel_type: tunnel.type, action: tunnel.action });
    this.#events.push(event);
  }

  link(packet: Packet): void {
    const readers = this.#session.byLinkType(packet.etherType);
    if (readers.length === 0) return;
    const frame: LinkFrame = {
      sourceMac: macAt(packet, packet.sourceMacAt),
      destinationMac: macAt(packet, packet.destinationMacAt),
      vlan: packet.vlan < 0 ? null : packet.vlan,
      payload: packet.bytes.subarray(packet.networkAt, packet.end),
    };
    for (const running of readers) this.#session.guard(running, () => running.capture.frame?.(frame));
  }

  inner(packet: Packet, tunnel: UdpTunnel, at: number, uid: string, depth: number): TunnelContent {
    return this.#dissector.udpTunnel(packet, tunnel, at, uid, depth);
  }
}

function macAt(packet: Packet, at: number): string {
  const view = packet.linkView;
  const text = at < 0 ? null : macAddress(view.getUint16(at), view.getInt32(at + 2));
  return text ?? '00:00:00:00:00:00';
}
