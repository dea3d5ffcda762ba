import { defineAnalyzer, type CaptureContext, type LinkFrame } from '../../analyzer.ts';
import { Cursor } from '../../wire/cursor.ts';
import { ipv4Text, wireText } from '../../wire/text.ts';

export const analyzer = defineAnalyzer({
  id: 'cdp',
  title: 'CDP',
  description:
    "What Cisco's devices say about themselves in CDP: name, address, platform, software version, port, native VLAN and what they can do.",
  references: ['https://wiki.wireshark.org/CDP'],
  emits: ['device'],
  service: null,
  transports: [],
  ports: [],
  ciscoProtocols: [0x2000],
  start: (capture) => ({ frame: (frame) => readFrame(capture, frame) }),
});

/** Facts of one announcement. */
interface Announcement {
  device_id?: string;
  address?: string;
  port?: string;
  software_version?: string;
  platform?: string;
  capabilities?: string[];
  native_vlan?: number;
}

/** Pieces of information in one frame that are read. */
const maxPieces = 100;

function readFrame(capture: CaptureContext, { payload, sourceMac }: LinkFrame): void {
  const cursor = new Cursor(payload, 4);
  const announcement: Announcement = {};
  for (let count = 0; count < maxPieces && cursor.left >= 4; count++) {
    const type = cursor.u16();
    const length = cursor.u16();
    const value = cursor.take(length - 4);
    if (cursor.isCut || length < 4) {
      capture.problem('bad-record', 'a CDP frame is cut or malformed');
      break;
    }
    addPiece(announcement, type, value);
  }
  const event = capture.newEvent('device');
  event.device_mac = sourceMac;
  event.device_ip = announcement.address ?? null;
  event.device_service = 'cdp';
  event.device_software = announcement.software_version ?? announcement.platform ?? null;
  event.fields = JSON.stringify(announcement);
  capture.emit(event);
}

function addPiece(announcement: Announcement, type: number, value: Uint8Array): void {
  if (type === 1) announcement.device_id = wireText(value);
  else if (type === 2) addAddress(announcement, value);
  else if (type === 3) announcement.port = wireText(value);
  else if (type === 4) announcement.capabilities = capabilitiesIn(value);
  else if (type === 5) announcement.software_version = wireText(value);
  else if (type === 6) announcement.platform = wireText(value);
  else if (type === 10 && value.length === 2) announcement.native_vlan = new Cursor(value).u16();
}

/** By their bit, in the words of LLDP's where both have one. */
const capabilityNames = ['router', 'bridge', 'source-route-bridge', 'switch', 'host', 'igmp', 'repeater', 'telephone'];

function capabilitiesIn(value: Uint8Array): string[] {
  const bits = new Cursor(value).u32();
  return capabilityNames.filter((_name, bit) => (bits & (1 << bit)) !== 0);
}

/** The first IPv4 address of a list: each with protocol type, its length and number, and the address. */
function addAddress(announcement: Announcement, value: Uint8Array): void {
  const cursor = new Cursor(value);
  const count = Math.min(cursor.u32(), maxPieces);
  for (let index = 0; index < count && !cursor.isCut; index++) {
    cursor.skip(1);
    const protocol = cursor.vector(1);
    const address = cursor.vector(2);
    if (protocol[0] !== nlpidIpv4 || address.length !== 4) continue;
    announcement.address = ipv4Text(address);
    return;
  }
}

/** ISO/IEC TR 9577. */
const nlpidIpv4 = 0xcc;
