//! Proves rules the knowledge base of morning back pain declares, writes the certificates, and checks them from the files
//! alone. `make certificates` proves all of them and keeps the certificates in `target/certificates`.

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
        // Rules on changes of an answer take minutes; they are proved where the certificates are kept.
        if given.is_none() && claim.to_string().starts_with("monotone") {
            continue;
        }
        match prover.prove(&claim, &Scope::default(), &Budget::default())? {
            Verdict::Proved { certificate, .. } => {
                let file = folder.join(format!("{}.json", invariant.id()));
                fs::write(&file, certificate.to_json())?;
                claims.push((claim.to_string(), file));
            }
            other => return Err(format!("{claim}: {other}").into()),
        }
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
