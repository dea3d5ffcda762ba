const pngHeaderBytes = 24;

/** Pixels of a PNG or JPEG by its header, which an attacker may have made up; 0 where there is none to be read. */
export function pixelsIn(type: string | null, bytes: Uint8Array): number {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (type === 'image/png') return data.length < pngHeaderBytes ? 0 : data.readUInt32BE(16) * data.readUInt32BE(20);
  return type === 'image/jpeg' ? pixelsOfJpeg(data) : 0;
}

/** Segments before the frame; cameras write some dozens. */
const maxSegments = 1000;

/** By the first start of a frame (ITU T.81, B.2.2): markers C0 to CF but for the tables C4, C8 and CC. */
function pixelsOfJpeg(data: Buffer): number {
  for (let at = 2, segments = 0; at + 9 <= data.length && segments < maxSegments; segments++) {
    const marker = data[at + 1] ?? 0;
    if (data[at] !== 0xff) return 0;
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return data.readUInt16BE(at + 5) * data.readUInt16BE(at + 7);
    }
    at += marker === 0xff ? 1 : 2 + data.readUInt16BE(at + 2);
  }
  return 0;
}
