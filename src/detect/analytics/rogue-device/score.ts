import { formatDuration, microsPerDay } from '../../../base/time.ts';
import type { Reason } from '../../../events/finding.ts';
import { roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { ramp } from '../../ramp.ts';
import type { Device } from './device.ts';
import { hardwareOf, isRandomAddress, tellingName } from './hardware.ts';

export interface Network {
  /** Devices that were seen, those of them that showed a DHCP client, and how many showed each. */
  readonly devices: number;
  readonly clients: number;
  readonly byFingerprint: ReadonlyMap<string, number>;
  /** Time that was watched before the device showed up, µs; undefined when it was there from the beginning. */
  readonly watchedBefore: number | undefined;
}

/** Counts once what every device is then held against: a flood of made-up addresses must not be compared in pairs. */
export function surveyDevices(devices: readonly Device[]): Omit<Network, 'watchedBefore'> {
  const byFingerprint = new Map<string, number>();
  let clients = 0;
  for (const { fingerprints } of devices) {
    if (fingerprints.length > 0) clients++;
    for (const print of new Set(fingerprints)) byFingerprint.set(print, (byFingerprint.get(print) ?? 0) + 1);
  }
  return { devices: devices.length, clients, byFingerprint };
}

/** Devices that must be known for one to stand out among them. */
const fewestOthers = 2;
/** Addresses that a host asks for by ARP in its daily work, and those that make a sweep. */
const usualAsked = 8;
const sweepAsked = 20;

/** How little a device belongs where it is, 0 to 1, by named parts; `isActive` when it did something about it. */
export function scoreDevice(device: Device, network: Network): { score: number; reasons: Reason[]; isActive: boolean } {
  const hardware = hardwareOf(device.mac);
  const name = tellingName(device.names);
  const sweep = ramp(device.asked, usualAsked, sweepAsked);
  const reasons = roundedReasons([
    ...(hardware === undefined ? [] : [{ what: 'hardware', value: hardware, weight: 0.25 }]),
    ...(name === undefined ? [] : [{ what: 'calls itself', value: name, weight: 0.15 }]),
    ...newness(device, network),
    ...strangeness(device, network),
    ...(sweep === 0
      ? []
      : [{ what: 'asked by ARP for', value: `${device.asked} addresses`, weight: 0.1 + 0.15 * sweep }]),
  ]);
  return { score: sumOfReasons(reasons), reasons, isActive: sweep > 0 };
}

/** An address that was made up for privacy is new every time. The longer nobody saw it before, the more it says. */
function newness({ mac }: Device, { watchedBefore, devices }: Network): Reason[] {
  if (watchedBefore === undefined || isRandomAddress(mac) || devices <= fewestOthers) return [];
  const value = `not in the ${formatDuration(watchedBefore)} before, with ${devices - 1} other devices`;
  return [{ what: 'new here', value, weight: 0.15 + 0.15 * ramp(watchedBefore, 0, 7 * microsPerDay) }];
}

/** A DHCP client that nobody else here has, where several were seen. */
function strangeness(device: Device, { clients, byFingerprint }: Network): Reason[] {
  const others = clients - 1;
  if (device.fingerprints.length === 0 || others < fewestOthers) return [];
  if (device.fingerprints.some((print) => (byFingerprint.get(print) ?? 0) > 1)) return [];
  return [{ what: 'DHCP client', value: `asks for other options than all ${others} others`, weight: 0.1 }];
}
