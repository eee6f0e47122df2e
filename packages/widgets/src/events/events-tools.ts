// What first rows of the events do not need.
export {controlStyles as styles, segmented} from '@bsp/ui';
