//! Stories across processes, each on both databases.

mod backup;
mod bad_input;
mod canary;
mod citizen;
mod counters;
mod disk_full;
mod families;
mod flood;
mod guess;
mod hang_ups;
mod imports;
mod kills;
mod limit;
mod main_path;
mod notice;
mod one_stop;
mod overload;
mod power_cut;
mod progress;
mod province;
mod report;
mod second_start;
mod tls;
mod traces;
mod upkeep;
mod user;
