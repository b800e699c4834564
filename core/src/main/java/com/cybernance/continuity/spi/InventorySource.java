package com.cybernance.continuity.spi;

import com.cybernance.continuity.facts.InventoryItem;

/** Lists what exists, bound or not. Each scope is a kind of item ({@code database-server}): a kind that was completed and of which nothing was found does not exist; a kind that was never completed is unknown. */
public interface InventorySource extends Source<InventoryItem> {}
