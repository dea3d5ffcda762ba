/** Root of `a x² + b x + c` that is nearer to zero; the place of the vertex when it has none. Not finite when there is no x in it. */
export function nearerRoot(a: number, b: number, c: number): number {
  if (Math.abs(a) < 1e-9) return -c / b;
  const discriminant = b * b - 4 * a * c;
  if (discriminant < 0) return -b / (2 * a);
  const [one, other] = [(-b + Math.sqrt(discriminant)) / (2 * a), (-b - Math.sqrt(discriminant)) / (2 * a)];
  return Math.abs(one) < Math.abs(other) ? one : other;
}
