// A Web Worker: finds the proof of work that the server asks for beyond its soft limits.
import { findWork } from "./sha256.ts";

// biome-ignore lint/suspicious/noGlobalAssign: this is how a worker listens
onmessage = ({ data }: MessageEvent<{ challenge: string; bits: number }>) => {
  const { challenge, bits } = data;
  const share = (n: number) => postMessage({ share: 1 - Math.exp(-n / 2 ** bits) });
  postMessage({ work: `${challenge}:${findWork(challenge, bits, share)}` });
};
