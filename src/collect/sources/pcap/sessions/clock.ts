import type { PacketClock } from '../analyzer.ts';

/** The packet that is being read. */
export class CaptureClock implements PacketClock {
  time = 0;
  packet = 0;
}
