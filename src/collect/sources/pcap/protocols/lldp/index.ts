import { formatIp } from '../../../../../base/ip.ts';
import { defineAnalyzer, type CaptureContext, type LinkFrame } from '../../analyzer.ts';
import { Cursor } from '../../wire/cursor.ts';
import { hexText, ipv4Text, macText, wireText } from '../../wire/text.ts';

export const analyzer = defineAnalyzer({
  id: 'lldp',
  title: 'LLDP',
  description:
    'What switches, phones and hosts say about themselves in LLDP: chassis, port, system name and description, management address and what they can do.',
  references: ['IEEE 802.1AB'],
  emits: ['device'],
  service: null,
  transports: [],
  ports: [],
  etherTypes: [0x88cc],
  start: (capture) => ({ frame: (frame) => readFrame(capture, frame) }),
});

/** Facts of one announcement. */
interface Announcement {
  chassis?: string;
  port?: string;
  port_description?: string;
  ttl?: number;
  system_name?: string;
  system_description?: string;
  management_address?: string;
  capabilities?: string[];
}

/** Pieces of information in one frame that are read. */
const maxPieces = 100;

function readFrame(capture: CaptureContext, { payload, sourceMac }: LinkFrame): void {
  const cursor = new Cursor(payload);
  const announcement: Announcement = {};
  for (let count = 0; count < maxPieces && cursor.left >= 2; count++) {
    const head = cursor.u16();
    const value = cursor.take(head & 0x1ff);
    if (cursor.isCut) {
      capture.problem('bad-record', 'an LLDP frame is cut');
      break;
    }
    if (head === 0) break;
    addPiece(announcement, head >> 9, value);
  }
  const event = capture.newEvent('device');
  event.device_mac = sourceMac;
  event.device_ip = announcement.management_address ?? null;
  event.device_service = 'lldp';
  event.device_software = announcement.system_description ?? null;
  event.fields = JSON.stringify(announcement);
  capture.emit(event);
}

function addPiece(announcement: Announcement, type: number, value: Uint8Array): void {
  switch (type) {
    case 1:
      announcement.chassis = identifierText(value, 4, 5);
      break;
    case 2:
      announcement.port = identifierText(value, 3, 4);
      break;
    case 3:
      announcement.ttl = new Cursor(value).u16();
      break;
    case 4:
      announcement.port_description = wireText(value);
      break;
    case 5:
      announcement.system_name = wireText(value);
      break;
    case 6:
      announcement.system_description = wireText(value);
      break;
    case 7:
      announcement.capabilities = capabilitiesIn(value);
      break;
    case 8: {
      const address = new Cursor(value).vector(1);
      const text = addressText(address);
      // The first one: a device lists its own address, and after it those of its links.
      if (text !== undefined) announcement.management_address ??= text;
      break;
    }
    default:
      break;
  }
}

/** A chassis or port id by its subtype: a hardware address, a network address, or text. */
function identifierText(value: Uint8Array, macSubtype: number, addressSubtype: number): string {
  const id = value.subarray(1);
  if (value[0] === macSubtype && id.length === 6) return macText(id);
  return (value[0] === addressSubtype ? addressText(id) : undefined) ?? wireText(id);
}

/** An address behind its IANA family: 1 IPv4, 2 IPv6. */
function addressText(value: Uint8Array): string | undefined {
  const address = value.subarray(1);
  if (value[0] === 1 && address.length === 4) return ipv4Text(address);
  if (value[0] !== 2 || address.length !== 16) return undefined;
  return formatIp(BigInt(`0x${hexText(address)}`));
}

const capabilityNames = [
  'other',
  'repeater',
  'bridge',
  'wlan-access-point',
  'router',
  'telephone',
  'docsis-cable-device',
  'station-only',
];

/** Names of the capabilities that are enabled. */
function capabilitiesIn(value: Uint8Array): string[] {
  const cursor = new Cursor(value);
  cursor.skip(2);
  const enabled = cursor.u16();
  return capabilityNames.filter((_name, bit) => (enabled & (1 << bit)) !== 0);
}
