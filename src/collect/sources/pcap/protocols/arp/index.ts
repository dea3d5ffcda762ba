import { defineAnalyzer, type CaptureContext, type LinkFrame } from '../../analyzer.ts';
import { Cursor } from '../../wire/cursor.ts';
import { ipv4Text, macText } from '../../wire/text.ts';

export const analyzer = defineAnalyzer({
  id: 'arp',
  title: 'ARP',
  description: 'Requests and replies of ARP for IPv4 over Ethernet: which hardware says that it has which address.',
  references: ['RFC 826'],
  emits: ['device'],
  service: null,
  transports: [],
  ports: [],
  etherTypes: [0x0806],
  start: (capture) => ({ frame: (frame) => readFrame(capture, frame) }),
});

const operations: Readonly<Record<number, string>> = { 1: 'request', 2: 'reply' };

function readFrame(capture: CaptureContext, { payload }: LinkFrame): void {
  const cursor = new Cursor(payload);
  const hardware = cursor.u16();
  const protocol = cursor.u16();
  const sizes = cursor.u16();
  const operation = operations[cursor.u16()];
  const senderMac = cursor.take(6);
  const senderIp = cursor.take(4);
  const targetMac = cursor.take(6);
  const targetIp = cursor.take(4);
  // Other operations (RARP, inverse ARP) and other networks say nothing about an IPv4 device here.
  if (hardware !== 1 || protocol !== 0x0800 || sizes !== 0x0604 || operation === undefined) return;
  if (cursor.isCut) {
    capture.problem('bad-record', 'an ARP packet is cut');
    return;
  }
  const event = capture.newEvent('device');
  event.device_ip = ipv4Text(senderIp);
  event.device_mac = macText(senderMac);
  event.arp_operation = operation;
  event.arp_target_ip = ipv4Text(targetIp);
  event.arp_target_mac = macText(targetMac);
  capture.emit(event);
}
