import { pointerColumns } from '../../make-finding.ts';
import type { Macros } from '../../../store/macros.ts';

/** Devices that are read: a flood of made-up addresses fills no memory. */
const maxDevices = 20_000;

/** Sightings of a hardware address, with the address that it used, from ARP and from DHCP. */
const sightings = (timeCondition: string): string => `(
  SELECT lower(device_mac) AS mac, device_ip AS ip, time, evidence_id, evidence_at,
    CASE WHEN arp_operation = 'request' THEN arp_target_ip END AS asked, NULL AS host_name, NULL AS vendor_class, NULL AS parameters
  FROM device WHERE device_mac IS NOT NULL AND ${timeCondition}
  UNION ALL SELECT lower(client_mac), coalesce(dhcp_assigned_ip, client_ip), time, evidence_id, evidence_at, NULL,
    dhcp_host_name, dhcp_vendor_class, CAST(dhcp_parameters AS VARCHAR)
  FROM dhcp WHERE client_mac IS NOT NULL AND ${timeCondition})`;

/** Every device with what it said of itself and what it asked for. */
export function devices(m: Macros, timeCondition: string): string {
  return `SELECT mac, ${m.distinctListOf('ip', 5)} AS ips, ${m.distinctListOf('host_name', 5)} AS host_names,
    ${m.distinctListOf('vendor_class', 5)} AS vendor_classes, ${m.distinctListOf('parameters', 3)} AS parameters,
    ${m.countDistinct('asked')} AS asked, count(*) AS n,
    ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last, ${pointerColumns(m)}
  FROM ${sightings(timeCondition)} AS s GROUP BY mac ORDER BY first, mac LIMIT ${maxDevices}`;
}

/** When the sightings of each evidence lie, over all that is stored. */
export function spans(m: Macros): string {
  return `SELECT evidence_id, ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last
  FROM ${sightings('TRUE')} AS s GROUP BY evidence_id`;
}

/**
 * Addresses that two devices claim in turn: a switch from one to the other and back within an hour is no handing over of
 * a lease. Claims are ARP packets sent from the address.
 */
export function contested(m: Macros, timeCondition: string): string {
  return `WITH claim AS (
    SELECT device_ip AS ip, lower(device_mac) AS mac, time, evidence_id, evidence_at,
      lag(lower(device_mac)) OVER (PARTITION BY device_ip ORDER BY time, evidence_at) AS before_mac,
      lag(time) OVER (PARTITION BY device_ip ORDER BY time, evidence_at) AS before_time
    FROM device WHERE arp_operation IS NOT NULL AND device_mac IS NOT NULL AND device_ip IS NOT NULL
      AND device_ip <> '0.0.0.0' AND ${timeCondition}),
  turn AS (
    SELECT * FROM claim WHERE mac <> before_mac AND ${m.micros('time')} - ${m.micros('before_time')} <= 3600000000)
  SELECT ip, ${m.distinctListOf('mac', 5)} AS macs, count(*) AS n, ${m.micros('min(time)')} AS first,
    ${m.micros('max(time)')} AS last, ${pointerColumns(m)}
  FROM turn GROUP BY ip HAVING count(*) >= 2 ORDER BY n DESC, ip LIMIT 100`;
}
