package com.cybernance.continuity.spi;

import com.cybernance.continuity.facts.Setting;

/** Reads the settings and conditions that a promise depends on, those that keep it as well as those that weaken it: a clause is only MET on settings that were seen. The scopes are the lower-case names of {@link com.cybernance.continuity.facts.Setting.Kind}. */
public interface SettingSource extends Source<Setting> {}
