import type { CaptureForm, FlowFacts } from '../../source.ts';
import type { PacketRun } from '../../packet-index.ts';
import { CaptureFile } from './files/capture-file.ts';
import type { Frame, FrameSink } from './files/frame.ts';
import { HeldFrames } from './files/held-frames.ts';
import { PcapWriter, type CaptureWriter } from './files/pcap-writer.ts';
import { PcapngWriter } from './files/pcapng-writer.ts';
import { communityId } from './flows/community-id.ts';
import type { Flow } from './flows/flow.ts';
import { origAddress, respAddress, transportName } from './flows/record.ts';
import { FlowTracker, type FlowHandler } from './flows/tracker.ts';
import { Dissector, type TunnelContent } from './layers/dissector.ts';
import { FragmentOwners } from './layers/fragment-owners.ts';
import type { Packet } from './layers/packet.ts';
import type { UdpTunnel } from './layers/tunnels.ts';
import { Tally } from './tally.ts';

function writerOf(form: CaptureForm | undefined): CaptureWriter {
  return form?.isPcapng === true ? new PcapngWriter() : new PcapWriter();
}

/**
 * The packets of chosen connections as a capture file, in the order of the capture. A packet in a tunnel is taken whole, when the
 * tunnel or what runs in it was chosen; a fragmented one with all its fragments, copies of them included. Of a datagram that stays incomplete
 * there is what came, when its first fragment names an open connection.
 */
export async function* extract(
  content: AsyncIterable<Uint8Array>,
  choose: (flow: FlowFacts) => boolean,
  form?: CaptureForm,
): AsyncGenerator<Uint8Array> {
  const writer = writerOf(form);
  const extractor = new Extractor(choose, writer);
  for await (const chunk of content) {
    extractor.push(chunk);
    const written = extractor.take();
    if (written !== undefined) yield written;
  }
  extractor.finish();
  const last = extractor.take();
  if (last !== undefined) yield last;
  form?.leftOut(writer.leftOut);
}

/** The same packets by an index: only the parts of the capture that hold them are read. */
export async function* extractRuns(runs: Iterable<PacketRun>, form?: CaptureForm): AsyncGenerator<Uint8Array> {
  const writer = writerOf(form);
  for (const run of runs) {
    const file = CaptureFile.fromState(new WantedFrames(run, writer), run.byte, run.state);
    for await (const chunk of run.bytes) {
      file.push(chunk);
      const written = writer.take();
      if (written !== undefined) yield written;
    }
  }
  form?.leftOut(writer.leftOut);
}

/** Writes the wanted frames of a run. */
class WantedFrames implements FrameSink {
  readonly #run: PacketRun;
  readonly #writer: CaptureWriter;
  #packet: number;

  constructor(run: PacketRun, writer: CaptureWriter) {
    this.#run = run;
    this.#writer = writer;
    this.#packet = run.firstPacket;
  }

  frame(frame: Frame): void {
    if (this.#run.isWanted(this.#packet++)) this.#writer.write(frame);
  }

  secrets(): void {
    // A pcap file has no place for them.
  }

  problem(): void {
    // Damage was told when the capture was decoded.
  }
}

class Extractor implements FrameSink, FlowHandler {
  readonly #choose: (flow: FlowFacts) => boolean;
  readonly #writer: CaptureWriter;
  readonly #tracker: FlowTracker;
  readonly #dissector: Dissector;
  readonly #held: HeldFrames;
  /** Wanted is what has `true` for its owner. */
  readonly #fragments: FragmentOwners<true>;
  readonly #file = new CaptureFile(this);
  /** Flows that are open, with whether they were chosen. */
  readonly #chosen = new Map<Flow, boolean>();
  #packets = 0;
  #isWanted = false;

  constructor(choose: (flow: FlowFacts) => boolean, writer: CaptureWriter) {
    this.#choose = choose;
    this.#writer = writer;
    this.#held = new HeldFrames(writer);
    const tally = new Tally();
    this.#tracker = new FlowTracker(this, tally, 'auto', { onPacket: (flow) => this.#packetOf(flow) });
    this.#dissector = new Dissector(this.#tracker, tally, {
      acceptsBadIpChecksum: true,
      watchesFragments: true,
    });
    this.#fragments = new FragmentOwners(this.#dissector, {
      ownerOf: (flow) => this.#isChosen(flow) || undefined,
      openFlow: (ends) => this.#tracker.openFlow(ends),
      decided: (frames, owner) => this.#held.decide(frames, owner === true),
    });
  }

  push(chunk: Uint8Array): void {
    this.#file.push(chunk);
  }

  finish(): void {
    this.#fragments.finish();
  }

  take(): Uint8Array | undefined {
    return this.#writer.take();
  }

  frame(frame: Frame): void {
    this.#isWanted = false;
    this.#tracker.advance(frame.time);
    const number = ++this.#packets;
    this.#dissector.frame(frame, number);
    if (this.#isWanted) this.#held.write(frame, number);
    else if (this.#dissector.isHeld) this.#held.hold(frame, number);
    this.#fragments.after(number, frame.time, this.#isWanted || undefined);
  }

  open(): undefined {
    return undefined;
  }

  ended(flow: Flow): void {
    this.#chosen.delete(flow);
  }

  inner(packet: Packet, tunnel: UdpTunnel, at: number, uid: string, depth: number): TunnelContent {
    return this.#dissector.udpTunnel(packet, tunnel, at, uid, depth);
  }

  link(): void {
    this.#isWanted = false;
  }

  tunnel(): void {
    // Tunnels are told when a capture is decoded.
  }

  secrets(): void {
    // A pcap file has no place for them.
  }

  problem(): void {
    // Damage was told when the capture was decoded.
  }

  #packetOf(flow: Flow): void {
    this.#isWanted ||= this.#isChosen(flow);
  }

  #isChosen(flow: Flow): boolean {
    let isChosen = this.#chosen.get(flow);
    if (isChosen === undefined) {
      isChosen = this.#choose({
        uid: this.#tracker.uid(flow),
        communityId: communityId(flow),
        transport: transportName(flow.protocol),
        sourceIp: origAddress(flow),
        sourcePort: flow.origPort,
        destinationIp: respAddress(flow),
        destinationPort: flow.respPort,
      });
      this.#chosen.set(flow, isChosen);
    }
    return isChosen;
  }
}
