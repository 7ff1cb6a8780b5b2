import type { Reference } from '../model/reference';
import type { Place } from './report';

export const placeOf = ({ path, line, endLine, function: name, kind }: Reference, side: Place['side']): Place => ({
  side,
  path,
  line,
  endLine,
  function: name,
  kind,
});
