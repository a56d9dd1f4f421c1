//! Proves rules the knowledge base of morning back pain declares, writes the certificates, and checks them from the files
//! alone. A folder as the argument keeps the files, as `make certificates` does in `target/certificates`.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use aetia_verify::{Budget, Claim, Prover, Scope, Verdict, check};

fn main() -> Result<(), Box<dyn Error>> {
    let given = env::args().nth(1).map(PathBuf::from);
    let folder = given.clone().unwrap_or_else(|| env::temp_dir().join("aetia-certificates"));
    fs::create_dir_all(&folder)?;

    let embedded = aetia_kb::embedded("morning_back_pain")?;
    let kb = folder.join("kb.toml");
    fs::write(&kb, embedded.document())?;

    let model = aetia_kb::load("morning_back_pain")?;
    let prover = Prover::new(&model)?;
    let mut claims = Vec::new();
    for invariant in model.knowledge_base().invariants() {
        let claim = Claim::from(invariant.claim().clone());
        let verdict = prover.prove(&claim, &Scope::default(), &Budget::default())?;
        let Verdict::Proved { certificate, .. } = verdict else {
            return Err(format!("{claim}: {verdict}").into());
        };
        let file = folder.join(format!("{}.json", invariant.id()));
        fs::write(&file, certificate.to_json())?;
        claims.push((claim.to_string(), file));
    }
    println!("{} rules are proved for every case", claims.len());

    for (claim, file) in &claims {
        check(&fs::read_to_string(&kb)?, claim, &fs::read_to_string(file)?)?;
    }
    println!("{} certificates are accepted, from the files alone", claims.len());
    if given.is_none() {
        fs::remove_dir_all(&folder)?;
    }
    Ok(())
}
