import { registerUi } from '../ui/registerUi';
import './detail.css';
import { HostLink } from './hostLink';
import { Panel } from './panel';

registerUi();
const root = document.getElementById('panel');
if (root) {
  const panel = new Panel(root);
  panel.connect(new HostLink((state) => panel.show(state)));
}
