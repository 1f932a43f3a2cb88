// For work that cannot be measured yet. Where there is a number, show the number instead.
import {Text, useAnimation, useIsScreenReaderEnabled} from 'ink';
import type {ReactElement} from 'react';
import {roleProps, symbols} from './theme.ts';

type Props = {readonly isActive?: boolean};

/** One cell wide. Still under a screen reader. */
export function Spinner({isActive = true}: Props): ReactElement {
  const still = useIsScreenReaderEnabled();
  const {frame} = useAnimation({interval: 120, isActive: isActive && !still});
  return <Text {...roleProps.accent}>{symbols.spinner[frame % symbols.spinner.length] ?? symbols.dot}</Text>;
}
