import type { Connection, Transport } from '../analyzer.ts';
import { communityId } from '../flows/community-id.ts';
import type { Flow } from '../flows/flow.ts';
import { macAddress, origAddress, respAddress, transportName } from '../flows/record.ts';

/** A flow as analyzers see it. Texts are made once, and again when the sides change places. */
export class FlowConnection implements Connection {
  readonly uid: string;
  readonly transport: Transport;
  readonly #flow: Flow;
  #sourceIp: string;
  #destinationIp: string;

  constructor(flow: Flow, uid: string) {
    this.uid = uid;
    this.transport = transportName(flow.protocol) as Transport;
    this.#flow = flow;
    this.#sourceIp = origAddress(flow);
    this.#destinationIp = respAddress(flow);
  }

  get sourceIp(): string {
    return this.#sourceIp;
  }

  get sourcePort(): number {
    return this.#flow.origPort;
  }

  get destinationIp(): string {
    return this.#destinationIp;
  }

  get destinationPort(): number {
    return this.#flow.respPort;
  }

  get sourceMac(): string | null {
    return macAddress(this.#flow.origMacHigh, this.#flow.origMacLow);
  }

  get destinationMac(): string | null {
    return macAddress(this.#flow.respMacHigh, this.#flow.respMacLow);
  }

  get vlan(): number | null {
    return this.#flow.vlan < 0 ? null : this.#flow.vlan;
  }

  get startTime(): number {
    return this.#flow.startTime;
  }

  get communityId(): string {
    return communityId(this.#flow);
  }

  get tunnelParents(): readonly string[] {
    return this.#flow.tunnelParents;
  }

  /** To be called when the sides have changed places. */
  flipped(): void {
    [this.#sourceIp, this.#destinationIp] = [this.#destinationIp, this.#sourceIp];
  }
}
